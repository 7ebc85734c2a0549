// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A store in memory that a test can take out of reach.
public final class SwitchedStore: SessionStore {
    struct Unreachable: Error {}

    private let base: any SessionStore = MemoryStore()
    private let isOn = Mutex(true)

    public init() {}

    public var isReachable: Bool {
        get { self.isOn.withLock { $0 } }
        set { self.isOn.withLock { $0 = newValue } }
    }

    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.reached().read(id, at: now)
    }

    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.reached().write(record, replacing: version, at: now)
    }

    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.reached().remove(id, ifVersion: version)
    }

    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.reached().removeExpired(at: now, limit: limit)
    }

    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.reached().ids(ofUser: user, at: now)
    }

    private func reached() throws -> any SessionStore {
        guard self.isReachable else { throw Unreachable() }
        return self.base
    }
}
