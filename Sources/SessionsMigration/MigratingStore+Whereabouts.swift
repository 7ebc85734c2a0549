// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds where a session lives.
extension MigratingStore {
    func entry(_ id: SessionID, in side: MigrationSide, at now: Date) async throws -> MigrationEntry {
        MigrationEntry(try await self.store(side).read(id, at: now))
    }

    /// Asks the store where sessions begin, and then the other one.
    ///
    /// If a session moves between the two reads, both may show a copy. Sessions move in one direction at a time, so a
    /// second pair of reads finds it. Two copies that stay the same belong to a session that has ended.
    func whereabouts(of id: SessionID, at now: Date) async throws -> Whereabouts {
        let side = self.phase.home
        var before: [MigrationEntry]?
        while true {
            let here = try await self.entry(id, in: side, at: now)
            if case .session(let record) = here { return .lives(record, in: side, isAlone: false) }
            // Processes in `.both` leave at least a copy in the old store.
            if case .absent = here, self.phase == .fill { return .nowhere }
            let there = try await self.entry(id, in: side.other, at: now)
            switch (here, there) {
            case (_, .session(let record)): return .lives(record, in: side.other, isAlone: here == .absent)
            case (.absent, .absent): return .nowhere
            case (.copy(let rest), .copy(let copy)) where rest.destination == copy.version:
                return .onTheWay(rest.record, to: side.other, copyVersion: copy.version)
            case (.copy(let copy), .copy(let rest)) where rest.destination == copy.version:
                return .onTheWay(rest.record, to: side, copyVersion: copy.version)
            default:
                guard before != [here, there] else { return .nowhere }
                before = [here, there]
            }
        }
    }

    /// Whether a session exists and belongs to a user, compared by bytes. The stores' indexes may lag, and list copies
    /// too.
    func isSession(_ id: SessionID, ofUser user: String, at now: Date) async throws -> Bool {
        switch try await self.whereabouts(of: id, at: now) {
        case .nowhere: false
        case .lives(let record, _, _), .onTheWay(let record, _, _):
            record.user.map { $0.utf8.elementsEqual(user.utf8) } ?? false
        }
    }
}

/// What one of the two stores holds under an id.
enum MigrationEntry: Sendable, Hashable {
    case absent
    case session(SessionRecord)
    case copy(RecordCopy)

    init(_ record: SessionRecord?) {
        self = record.map { record in RecordCopy(stored: record).map(Self.copy) ?? .session(record) } ?? .absent
    }
}

/// Where a session is. A session lives in one store at a time, and that store decides about it.
enum Whereabouts: Sendable {
    case nowhere
    /// In one store; alone when the other one, which was asked first, holds nothing under its id.
    case lives(SessionRecord, in: MigrationSide, isAlone: Bool)
    /// Stopped in one store and not yet begun in the other, where its copy has this version. The next process that
    /// writes the session completes the move.
    case onTheWay(SessionRecord, to: MigrationSide, copyVersion: Int)

    /// The session's version; nil when there is none.
    var version: Int? {
        switch self {
        case .nowhere: nil
        case .lives(let record, _, _), .onTheWay(let record, _, _): record.version
        }
    }
}
