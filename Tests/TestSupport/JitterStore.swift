// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Foundation
public import Sessions

/// A store that lets others come in between, before and after each call.
public struct JitterStore: SessionStore {
    private let base: any SessionStore

    public init(_ base: any SessionStore) {
        self.base = base
    }

    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await Self.amid { try await self.base.read(id, at: now) }
    }

    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await Self.amid { try await self.base.write(record, replacing: version, at: now) }
    }

    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await Self.amid { try await self.base.remove(id, ifVersion: version) }
    }

    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.base.removeExpired(at: now, limit: limit)
    }

    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await Self.amid { try await self.base.ids(ofUser: user, at: now) }
    }

    private static func amid<Value>(_ call: () async throws -> Value) async throws -> Value {
        for _ in 0..<Int.random(in: 0...2) { await Task.yield() }
        let value = try await call()
        for _ in 0..<Int.random(in: 0...2) { await Task.yield() }
        return value
    }
}
