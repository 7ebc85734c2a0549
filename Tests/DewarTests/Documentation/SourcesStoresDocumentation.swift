// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions
import SessionsDirectory
import SessionsFlask
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

private enum SessionStoreComment {
    /// Sources: Sessions/Store/SessionStore.swift
    struct LoggingStore: SessionStore {
        let base: any SessionStore
        let logger: Logger

        func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
            try await self.base.read(id, at: now)
        }

        func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
            let isWritten = try await self.base.write(record, replacing: version, at: now)
            self.logger.debug("Version \(record.version) of a session was \(isWritten ? "written" : "refused").")
            return isWritten
        }

        func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
            try await self.base.remove(id, ifVersion: version)
        }

        func removeExpired(at now: Date, limit: Int) async throws -> Int {
            try await self.base.removeExpired(at: now, limit: limit)
        }

        func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
            try await self.base.ids(ofUser: user, at: now)
        }
    }
}

/// Sources: Sessions/Store/ScannableSessionStore.swift
func scannableSessionStoreComment(store: any ScannableSessionStore) async throws {
    var cursor: SessionScanCursor?
    repeat {
        let page = try await store.scan(after: cursor, limit: 500, at: Date())
        for session in page.sessions { print(session.id, session.lastUsedAt) }
        cursor = page.next
    } while cursor != nil
}

/// Sources: Sessions/Store/Memory/MemoryStore.swift
func memoryStoreComment(key: SecretKey) throws -> SessionManager {
    let store = MemoryStore(maximumCount: 100_000)
    let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
    return sessions
}

/// Sources: SessionsDirectory/DirectoryStore.swift
func directoryStoreComment() throws -> [DirectoryStore] {
    let store = try DirectoryStore()  // in the system's temporary folder
    let kept = try DirectoryStore(path: "/var/lib/shop/sessions")  // in a folder of your own
    return [store, kept]
}

/// Sources: SessionsSQLite/SQLiteStore.swift
func sqliteStoreComment(keys: SecretKeys) throws -> SessionManager {
    let store = try SQLiteStore(path: "sessions.sqlite")
    let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
    return sessions
}

/// Sources: SessionsPostgres/PostgresStore.swift
func postgresStoreComment(keys: SecretKeys) throws -> SessionManager {
    let store = try PostgresStore("postgres://app:secret@db.example.com/app?sslmode=verify-full")
    let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
    return sessions
}

/// Sources: SessionsPostgres/PostgresStore.swift
func tableDefinitionComment() throws -> String {
    let sql = try PostgresStore.tableDefinition(partitions: 64).joined(separator: ";\n")
    return sql
}

/// Sources: SessionsRedis/RedisStore.swift
func redisStoreComment(keys: SecretKeys) throws -> SessionManager {
    let store = try RedisStore(url: "redis://app:secret@cache.internal:6379/0?prefix=shop")
    let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
    return sessions
}

/// Sources: SessionsRedis/Configuration/RedisConfiguration.swift
func redisConfigurationComment() throws -> RedisStore {
    var configuration = try RedisConfiguration(url: "redis://app:secret@cache.internal:6379/2?prefix=shop")
    configuration.commandTimeout = .milliseconds(500)
    let store = try RedisStore(configuration)
    return store
}

/// Sources: SessionsRedis/RedisFlaskSessions.swift
func redisFlaskSessionsComment() throws -> SessionManager {
    let redis = try RedisFlaskSessions(url: "redis://cache.internal:6379/0")
    let sessions = try SessionManager(keys: nil, configuration: .flaskSession(in: redis))
    return sessions
}

/// Sources: SessionsFlask/FlaskSessionOptions.swift
func flaskSessionOptionsComment(storage: any FlaskSessionStorage) throws -> SessionManager {
    var configuration = SessionConfiguration.flaskSession(in: storage)
    configuration.flaskSession?.keyPrefix = "shop:"  // SESSION_KEY_PREFIX
    configuration.cookie.name = "shop_session"  // SESSION_COOKIE_NAME
    configuration.lifetime.idle = .seconds(7 * 86400)  // PERMANENT_SESSION_LIFETIME
    let sessions = try SessionManager(keys: nil, configuration: configuration)
    return sessions
}

/// Sources: SessionsFlask/FlaskSessionStorage.swift
func flaskSessionStorageComment(storage: any FlaskSessionStorage) throws -> SessionManager {
    let sessions = try SessionManager(keys: nil, configuration: .flaskSession(in: storage))
    return sessions
}

private enum FlaskSessionStorageComment {
    /// Sources: SessionsFlask/FlaskSessionStorage.swift
    actor MemoryStorage: FlaskSessionStorage {
        private var entries: [String: (value: [UInt8], end: ContinuousClock.Instant)] = [:]

        func value(of key: String) -> [UInt8]? {
            guard let entry = self.entries[key], entry.end > ContinuousClock.now else { return nil }
            return entry.value
        }

        func set(_ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool) -> Bool {
            guard !mustExist || self.value(of: key) != nil else { return false }
            self.entries[key] = (value: value, end: ContinuousClock.now.advanced(by: .seconds(seconds)))
            return true
        }

        func extendLife(of key: String, secondsToLive seconds: Int) -> Bool {
            guard let value = self.value(of: key) else { return false }
            return self.set(value, for: key, secondsToLive: seconds, mustExist: true)
        }

        func remove(_ key: String) -> Bool {
            let isThere = self.value(of: key) != nil
            self.entries[key] = nil
            return isThere
        }
    }
}
