// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A store with a user who has so many sessions that a page must not ask for all of them.
public final class RobotStore: SessionStore {
    /// The user.
    public static let robot = "robot"

    private static let records = (0..<1000).map { SampleRecords.record($0, user: RobotStore.robot) }

    private let base = MemoryStore()
    private let counts = Mutex((reads: 0, lists: 0))

    /// How many records were read.
    public var readCount: Int { self.counts.withLock { $0.reads } }
    /// How often all ids of the user were asked for.
    public var wholeListCount: Int { self.counts.withLock { $0.lists } }

    public init() {}

    public func ids(ofUser user: String, at now: Date) -> [SessionID] {
        guard user == Self.robot else { return self.base.ids(ofUser: user, at: now) }
        self.counts.withLock { $0.lists += 1 }
        return Self.records.map(\.id)
    }

    public func ids(ofUser user: String, limit: Int, at now: Date) -> [SessionID] {
        guard user == Self.robot else { return self.base.ids(ofUser: user, limit: limit, at: now) }
        return Self.records.prefix(limit).map(\.id)
    }

    public func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        self.counts.withLock { $0.reads += 1 }
        return Self.records.first { $0.id == id } ?? self.base.read(id, at: now)
    }

    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        self.base.write(record, replacing: version, at: now)
    }

    public func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { self.base.remove(id, ifVersion: version) }

    public func removeExpired(at now: Date, limit: Int) -> Int { self.base.removeExpired(at: now, limit: limit) }
}
