// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting

@testable import Sessions
@testable import SessionsMigration

/// Two stores with a session somewhere on its way between them.
struct MigrationScene: Sendable {
    enum Start: Sendable, CaseIterable {
        case nowhere, inOld, inNew
        /// Stopped in the old store and not yet begun in the new one, and the other way round.
        case leavingOld, leavingNew
    }

    enum Side: Sendable, Hashable {
        case old, new
        case migrating(MigrationPhase)
    }

    let old: any SessionStore
    let new: any SessionStore

    init(_ old: any SessionStore = MemoryStore(), _ new: any SessionStore = MemoryStore()) {
        self.old = old
        self.new = new
    }

    func store(_ side: Side) -> any SessionStore {
        switch side {
        case .old: self.old
        case .new: self.new
        case .migrating(let phase): MigratingStore(from: self.old, to: self.new, phase: phase)
        }
    }

    /// Puts a record where it is to be, with what the other store then has of it.
    func begin(_ record: SessionRecord, _ start: Start, at now: Date) async throws {
        let place = RecordCopy(of: record, using: .system)
        let copy = place.stored
        let rest = RecordCopy(of: record, destination: place.version, using: .system).stored
        switch start {
        case .nowhere: break
        case .inOld: _ = try await self.old.write(record, replacing: nil, at: now)
        case .inNew:
            _ = try await self.new.write(record, replacing: nil, at: now)
            _ = try await self.old.write(copy, replacing: nil, at: now)
        case .leavingOld:
            _ = try await self.old.write(rest, replacing: nil, at: now)
            _ = try await self.new.write(copy, replacing: nil, at: now)
        case .leavingNew:
            _ = try await self.old.write(copy, replacing: nil, at: now)
            _ = try await self.new.write(rest, replacing: nil, at: now)
        }
    }
}
