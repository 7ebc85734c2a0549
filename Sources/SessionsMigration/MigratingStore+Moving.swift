// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writing, moving and removing. Each step is a compare-and-set; a process that loses one looks again.
extension MigratingStore {
    // MARK: - Sessions that begin

    /// Creates a record at home. It replaces the copy that an ended session may have left there.
    func create(_ record: SessionRecord, at now: Date) async throws -> Bool {
        let home = self.phase.home
        guard try await self.isFree(record.id, in: home.other, at: now) else { return false }
        var isDone = try await self.store(home).write(record, replacing: nil, at: now)
        var patience = Patience()
        while !isDone {
            try patience.use(on: nil)
            guard case .nowhere = try await self.whereabouts(of: record.id, at: now) else { return false }
            let rest = try await self.entry(record.id, in: home, at: now)
            switch rest {
            case .session: return false
            case .absent: isDone = try await self.store(home).write(record, replacing: nil, at: now)
            case .copy(let copy): isDone = try await self.store(home).write(record, replacing: copy.version, at: now)
            }
        }
        await self.copy(record, to: home.other, at: now)
        return true
    }

    /// Whether no session lives under an id in the other store, where no sessions begin. Ids are random, so that a
    /// failure of that store refuses no visitor. `.fill` does not ask.
    private func isFree(_ id: SessionID, in side: MigrationSide, at now: Date) async throws -> Bool {
        guard self.phase != .fill else { return true }
        do {
            if case .session = try await self.entry(id, in: side, at: now) { return false }
        } catch {
            self.journal.failed(side, error)
        }
        return true
    }

    // MARK: - Sessions that exist

    /// Replaces a version where the session lives, or moves the session home with the same write. Nil when another
    /// process has changed it in between.
    func attempt(_ record: SessionRecord, replacing version: Int, at now: Date) async throws -> Bool? {
        switch try await self.whereabouts(of: record.id, at: now) {
        case .nowhere: return false
        case .lives(let present, let side, _):
            guard present.version == version else { return false }
            if side != self.phase.home, self.phase != .both {
                return try await self.move(present, from: side, writing: record, at: now) ? true : nil
            }
            guard try await self.store(side).write(record, replacing: version, at: now) else { return nil }
            await self.copy(record, to: side.other, at: now)
            return true
        case .onTheWay(let present, let side, let copyVersion):
            guard present.version == version else { return false }
            guard try await self.store(side).write(record, replacing: copyVersion, at: now) else { return nil }
            self.journal.moved()
            await self.copy(record, to: side.other, at: now)
            return true
        }
    }

    /// Moves a session to the other store, where it continues as `next`; false when another process has changed it in
    /// between.
    func move(
        _ record: SessionRecord, from side: MigrationSide, writing next: SessionRecord, at now: Date
    ) async throws -> Bool {
        let target = side.other
        // Before the session leaves, reserve this copy and no other as its place to arrive at. A process that comes
        // late and makes another copy after the session's end brings nothing back.
        guard let copy = try await self.place(for: record, in: target, at: now) else { return false }
        let rest = RecordCopy(of: record, destination: copy.version, using: self.random)
        guard try await self.store(side).write(rest.stored, replacing: record.version, at: now) else { return false }
        guard try await self.store(target).write(next, replacing: copy.version, at: now) else { return false }
        self.journal.moved()
        if next.version > record.version { await self.copy(next, to: side, at: now) }
        return true
    }

    /// The copy that the session will replace, made if need be; nil when another process has changed it in between. A
    /// copy that another process has made of this same version is never replaced: the session may be about to move
    /// there. A copy of a later version is replaced only if the session has not changed: its store has lost that version
    /// at a failover.
    private func place(for record: SessionRecord, in side: MigrationSide, at now: Date) async throws -> RecordCopy? {
        let copy = RecordCopy(of: record, using: self.random)
        switch try await self.entry(record.id, in: side, at: now) {
        case .session: return nil
        case .absent: return try await self.store(side).write(copy.stored, replacing: nil, at: now) ? copy : nil
        case .copy(let present):
            if present.record.version == record.version, present.destination == nil { return present }
            if present.record.version > record.version {
                guard try await self.entry(record.id, in: side.other, at: now) == .session(record) else { return nil }
            }
            let isDone = try await self.store(side).write(copy.stored, replacing: present.version, at: now)
            return isDone ? copy : nil
        }
    }

    /// Removes a session in the version that was found; nil when another process has changed it in between.
    func remove(_ id: SessionID, ifVersion version: Int?, _ whereabouts: Whereabouts) async throws -> Bool? {
        switch whereabouts {
        case .nowhere: return true
        case .lives(let record, let side, _):
            guard version == nil || version == record.version else { return false }
            // Always with the version: if the session has just left, the record here now says where it went, and must
            // stay.
            guard try await self.store(side).remove(id, ifVersion: record.version) else { return nil }
            try await self.removeRest(of: id, in: side.other)
            return true
        case .onTheWay(let record, let side, let copyVersion):
            guard version == nil || version == record.version else { return false }
            // Without a copy to arrive at, the session has ended.
            guard try await self.store(side).remove(id, ifVersion: copyVersion) else { return nil }
            try await self.removeRest(of: id, in: side.other)
            return true
        }
    }

    // MARK: - Copies

    /// Updates the copy of a record that was written in the other store; only an older copy is replaced.
    ///
    /// In `.fill` and `.drain`, sessions move home and never away from there. One that has just been written at home and
    /// is in the other store too has come back there by a failover, and is replaced.
    func copy(_ record: SessionRecord, to side: MigrationSide, at now: Date) async {
        let copy = RecordCopy(of: record, using: self.random)
        do {
            var isDone = false
            var patience = Patience()
            while !isDone {
                try patience.use(on: nil)
                switch try await self.entry(record.id, in: side, at: now) {
                case .session(let present):
                    guard self.phase != .both, side != self.phase.home else { return }
                    isDone = try await self.store(side).write(copy.stored, replacing: present.version, at: now)
                case .absent: isDone = try await self.store(side).write(copy.stored, replacing: nil, at: now)
                case .copy(let present):
                    guard present.record.version < record.version else { return }
                    isDone = try await self.store(side).write(copy.stored, replacing: present.version, at: now)
                }
            }
            self.journal.copied()
        } catch {
            self.journal.failed(side, error)
        }
    }

    /// Removes what the other store has of a session that has ended: its copy; or the session once more, although it had
    /// left that store, where a failover has brought it back.
    ///
    /// - Throws: What the store throws that has the session once more and does not remove it.
    private func removeRest(of id: SessionID, in side: MigrationSide) async throws {
        var patience = Patience()
        while let version = await self.removeCopy(of: id, in: side) {
            if try await self.store(side).remove(id, ifVersion: version) { return }
            try patience.use(on: version)
        }
    }

    /// Removes the copy of a session that has ended. If that fails, the copy opens no session, and expires.
    ///
    /// - Returns: The version of a session that is there in place of a copy.
    private func removeCopy(of id: SessionID, in side: MigrationSide) async -> Int? {
        do {
            switch try await self.entry(id, in: side, at: Date(milliseconds: 0)) {
            case .absent: return nil
            case .session(let record): return record.version
            case .copy(let copy):
                _ = try await self.store(side).remove(id, ifVersion: copy.version)
                return nil
            }
        } catch {
            self.journal.failed(side, error)
            return nil
        }
    }
}
