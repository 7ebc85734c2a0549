// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
public import NIOCore
public import NIOPosix
import Sessions
public import SessionsFlask

/// The Redis in which a Flask application keeps its sessions with Flask-Session, for a Swift service beside it.
///
/// ```swift
/// let redis = try RedisFlaskSessions(url: "redis://cache.internal:6379/0")
/// let sessions = try SessionManager(keys: nil, configuration: .flaskSession(in: redis))
/// ```
///
/// A Redis user needs `~session:* +get +set +expire +del`, with the application's own prefix, and the rights that
/// ``RedisStore`` names for databases, sentinels and clusters.
///
/// Keys and records are Flask-Session's. The URL's prefix has no effect here: set `FlaskSessionOptions.keyPrefix` to
/// the application's `SESSION_KEY_PREFIX`. For sessions of Swift services alone use ``RedisStore``, which keeps no id
/// in clear and loses no update.
public struct RedisFlaskSessions: Sendable {
    private let client: RedisClient

    /// The Redis at a URL: ``RedisConfiguration/init(url:)``.
    public init(
        url: String, eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "dewar.redis")
    ) throws(RedisStoreError) {
        try self.init(try RedisConfiguration(url: url), eventLoopGroup: eventLoopGroup, logger: logger)
    }

    /// The Redis of a configuration. It does not connect yet.
    ///
    /// - Throws: ``RedisStoreError`` when the configuration makes no sense.
    public init(
        _ configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "dewar.redis")
    ) throws(RedisStoreError) {
        self.client = try configuration.client(on: eventLoopGroup, logger: logger)
    }

    /// Takes no more operations, and returns when those in flight have finished and the connections are closed.
    public func shutdown() async {
        await self.client.shutdown()
    }

    private func run(
        _ name: String, _ key: String, _ arguments: [[UInt8]] = [], isRepeatable: Bool = true
    ) async throws -> RedisReply {
        let key = Array(key.utf8)
        return try await self.client.run(
            RedisCommand(name, [key] + arguments, key: key, isRepeatable: isRepeatable))
    }

    /// Throws the error of a write whose answer was lost, unless the key has what was written.
    private func confirm(_ value: [UInt8], under key: String, after lost: RedisStoreError) async throws {
        let found: [UInt8]?
        do {
            found = try await self.value(of: key)
        } catch is RedisStoreError {
            throw lost
        }
        guard found == value else { throw lost }
    }
}

/// One command each, and one more after a write whose answer was lost. Errors are ``RedisStoreError``.
extension RedisFlaskSessions: FlaskSessionStorage {
    /// The record under a key; nil for none.
    public func value(of key: String) async throws -> [UInt8]? {
        try await self.run("GET", key).bytes
    }

    /// Stores a record, with its time to live.
    public func set(
        _ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool
    ) async throws -> Bool {
        let options = ["EX", "\(seconds)"] + (mustExist ? ["XX"] : [])
        let arguments = [value] + options.map { Array($0.utf8) }
        do {
            // Not repeatable: a second try could undo what another server has written after the first.
            return try await self.run("SET", key, arguments, isRepeatable: false) != .null
        } catch let failure as RedisFailure {
            try await self.confirm(value, under: key, after: failure.error)
            return true
        }
    }

    /// Sets a record's time to live again; false when there is no record.
    public func extendLife(of key: String, secondsToLive seconds: Int) async throws -> Bool {
        try await self.run("EXPIRE", key, [Array("\(seconds)".utf8)]).integer == 1
    }

    /// Removes a record; false when there is none.
    public func remove(_ key: String) async throws -> Bool {
        do {
            // Not repeatable: a second try would report that there was no record.
            return try await self.run("DEL", key, isRepeatable: false).integer == 1
        } catch let failure as RedisFailure {
            throw failure.error
        }
    }
}
