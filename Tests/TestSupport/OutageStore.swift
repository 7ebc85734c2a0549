// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A store that a test can take out of reach, wholly or for writing, or make refuse every write.
public final class OutageStore: SessionStore {
    public enum Mode: Sendable {
        case working, unreachable, readOnly, refusing, cancelled
    }

    public struct Unreachable: Error {}

    private let base: any SessionStore
    private let current = Mutex(Mode.working)

    public init(_ base: any SessionStore) {
        self.base = base
    }

    public var mode: Mode {
        get { self.current.withLock { $0 } }
        set { self.current.withLock { $0 = newValue } }
    }

    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        if self.mode == .cancelled { throw CancellationError() }
        guard self.mode != .unreachable else { throw Unreachable() }
        return try await self.base.read(id, at: now)
    }

    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        switch self.mode {
        case .working: return try await self.base.write(record, replacing: version, at: now)
        case .unreachable, .readOnly: throw Unreachable()
        case .cancelled: throw CancellationError()
        case .refusing: return false
        }
    }

    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        guard self.mode == .working else { throw Unreachable() }
        return try await self.base.remove(id, ifVersion: version)
    }

    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        guard self.mode == .working else { throw Unreachable() }
        return try await self.base.removeExpired(at: now, limit: limit)
    }

    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        guard self.mode != .unreachable else { throw Unreachable() }
        return try await self.base.ids(ofUser: user, at: now)
    }
}
