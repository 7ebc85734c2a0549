// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record is absent from the millisecond at which it ends.
enum ExpiryChecks {
    static func all(for expiry: SessionStoreExpiry) -> [StoreCheck] {
        let always = [
            StoreCheck("a record that has ended is absent", endedLongAgo),
            StoreCheck("a record that has not ended is there", notEnded),
            StoreCheck("a record without an end stays", endless),
        ]
        return always + (expiry == .byArgument ? Self.exact : [])
    }

    private static let exact = [
        StoreCheck("a record ends at the millisecond of its idle limit", idleEnd),
        StoreCheck("a record ends at the millisecond of its absolute limit", absoluteEnd),
        StoreCheck("a record that is not used for a second ends at that second", wholeSecond),
        StoreCheck("a record that was used lives on from there", usedInTime),
        StoreCheck("a limit that was made shorter counts", shortened),
        StoreCheck("the id of a record that has ended is free", freeAgain),
    ]

    private static func endedLongAgo(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let before = trial.start.adding(.seconds(-7200))
        let idle = trial.record(user: user, at: before)
        let absolute = trial.record(
            user: user, at: before, idle: .seconds(86_400), absoluteEnd: trial.start.adding(.seconds(-1)))
        for record in [idle, absolute] {
            // The record is live at `before`, but an engine with a clock of its own may refuse it.
            _ = try await trial.store.write(record, replacing: nil, at: before)
            try await Self.expectAbsent(record, at: trial.start, trial)
        }
    }

    /// The record's end is beyond what any engine can count; the sum must not wrap around into the past.
    private static func endless(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let record = trial.record(user: user, idle: .seconds(Int64.max))
        try await trial.insert(record)
        _ = try await trial.purge(at: trial.start)
        let later = trial.start.adding(.seconds(1_000_000_000))
        for time in [trial.start, later] {
            let found = try await trial.read(record, at: time)
            trial.expect(found?.contents == record.contents, "a record without an end is read at \(time)")
            let isListed = try await trial.isListed(record, under: user, at: time)
            trial.expect(isListed, "a record without an end is listed at \(time)")
        }
    }

    private static func notEnded(_ trial: StoreTrial) async throws {
        let used = trial.start.adding(.seconds(-3000))
        for record in [trial.record(at: used), trial.record(at: used, absoluteEnd: trial.start.adding(.seconds(600)))] {
            try await trial.insert(record)
            trial.expect(try await trial.read(record), equals: record, "a record that has ten minutes left")
        }
    }

    private static func idleEnd(_ trial: StoreTrial) async throws {
        for milliseconds in [1, 999, 1000, 1001, 1800_000] {
            let record = trial.record(
                user: trial.newUser(), at: trial.start.adding(.seconds(-3600)), idle: .milliseconds(milliseconds))
            try await Self.expectEnd(of: record, trial)
        }
    }

    private static func absoluteEnd(_ trial: StoreTrial) async throws {
        for milliseconds in [1, 999, 1000, 1001, 1800_000] {
            let begin = trial.start.adding(.seconds(-3600))
            let record = trial.record(
                user: trial.newUser(), at: begin, idle: .seconds(7200),
                absoluteEnd: begin.adding(.milliseconds(milliseconds)))
            try await Self.expectEnd(of: record, trial)
        }
    }

    private static func wholeSecond(_ trial: StoreTrial) async throws {
        let second = Date(milliseconds: (trial.start.milliseconds / 1000 - 3600) * 1000)
        try await Self.expectEnd(of: trial.record(user: trial.newUser(), at: second, idle: .seconds(1)), trial)
    }

    private static func usedInTime(_ trial: StoreTrial) async throws {
        let begin = trial.start.adding(.seconds(-3600))
        let record = trial.record(user: trial.newUser(), at: begin, idle: .seconds(60))
        try await trial.insert(record)
        let used = record.successor { $0.lastUsedAt = begin.adding(.milliseconds(59_999)) }
        let isDone = try await trial.write(used, replacing: 1, at: used.lastUsedAt)
        trial.expect(isDone, "a record may be replaced in its last millisecond")
        trial.expect(try await trial.read(used, at: begin.adding(.seconds(60))), equals: used, "a record used in time")
        try await Self.expectEnd(ofWritten: used, trial)
    }

    private static func shortened(_ trial: StoreTrial) async throws {
        let record = trial.record(user: trial.newUser(), at: trial.start.adding(.seconds(-3600)), idle: .seconds(7200))
        try await trial.insert(record)
        let shorter = record.successor { $0.idleTimeout = .seconds(60) }
        let isDone = try await trial.write(shorter, replacing: 1, at: record.createdAt)
        trial.expect(isDone, "replacing the version that is there gives true")
        try await Self.expectEnd(ofWritten: shorter, trial)
    }

    private static func freeAgain(_ trial: StoreTrial) async throws {
        let old = trial.record(user: trial.newUser(), at: trial.start.adding(.seconds(-7200)))
        try await trial.insert(old)
        let new = SessionRecord(
            id: old.id, secretHash: old.secretHash, contents: Array("new".utf8), createdAt: trial.start,
            idleTimeout: .seconds(3600), user: trial.newUser())
        trial.expect(try await trial.write(new, replacing: nil), "a new record may take the id of one that has ended")
        trial.expect(try await trial.read(new), equals: new, "the record in the place of one that has ended")
        let isListed = try await trial.isListed(old, under: old.user ?? "")
        trial.expect(!isListed, "the user of a record that has ended does not get the one in its place")
    }

    // MARK: - Helpers

    private static func expectEnd(of record: SessionRecord, _ trial: StoreTrial) async throws {
        try await trial.insert(record)
        try await Self.expectEnd(ofWritten: record, trial)
    }

    private static func expectEnd(ofWritten record: SessionRecord, _ trial: StoreTrial) async throws {
        let end = record.expiresAt
        let last = end.adding(.milliseconds(-1))
        trial.expect(try await trial.read(record, at: last), equals: record, "one millisecond before its end")
        let isListed = try await trial.isListed(record, under: record.user ?? "", at: last)
        trial.expect(isListed, "a record is listed one millisecond before its end")
        try await Self.expectAbsent(record, at: end, trial)
        try await Self.expectAbsent(record, at: end.adding(.milliseconds(1)), trial)
    }

    private static func expectAbsent(_ record: SessionRecord, at time: Date, _ trial: StoreTrial) async throws {
        let late = time.milliseconds - record.expiresAt.milliseconds
        let found = try await trial.read(record, at: time)
        trial.expect(found == nil, "a record is not read \(late) ms after its end")
        let isListed = try await trial.isListed(record, under: record.user ?? "", at: time)
        trial.expect(!isListed, "a record is not listed \(late) ms after its end")
        let next = record.successor { $0.lastUsedAt = time }
        let isDone = try await trial.write(next, replacing: record.version, at: time)
        trial.expect(!isDone, "a record is not replaced \(late) ms after its end")
        let revived = try await trial.read(record, at: time)
        trial.expect(revived == nil, "a write \(late) ms after a record's end does not bring it back")
    }
}
