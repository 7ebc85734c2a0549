// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A purge removes expired records, at most its limit at a time, and nothing else.
enum PurgeChecks {
    static func all(for expiry: SessionStoreExpiry) -> [StoreCheck] {
        let always = [
            StoreCheck("a purge takes no live record", noLiveRecord),
            StoreCheck("a purge removes at most its limit", limit),
        ]
        return always + (expiry == .byArgument ? Self.timed : [])
    }

    private static let timed = [
        StoreCheck("a purge takes what has ended", everythingEnded),
        StoreCheck("a purge takes no record that was used just before", usedBefore),
        StoreCheck("a purge takes no record in the place of one that has ended", replacedBefore),
        StoreCheck("a purge and a request that uses the session in its last moment agree", race),
    ]

    private static func noLiveRecord(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let live = (0..<50).map { trial.record(user: user, at: trial.start.adding(.seconds(-70 * $0))) }
        for record in live { try await trial.insert(record) }
        _ = try await Self.insertExpired(50, trial)
        _ = try await trial.purge(at: trial.start, limit: 7)
        for record in live {
            trial.expect(try await trial.read(record), equals: record, "a live record after a purge")
        }
        let ids = Set(try await trial.store.ids(ofUser: user, at: trial.start))
        trial.expect(ids == Set(live.map(\.id)), "a purge leaves the list of a user's live sessions as it was")
    }

    private static func limit(_ trial: StoreTrial) async throws {
        _ = try await Self.insertExpired(25, trial)
        for limit in [0, 1, 10] {
            let count = try await trial.store.removeExpired(at: trial.start, limit: limit)
            trial.expect((0...limit).contains(count), "a purge of at most \(limit) removes so many; it said \(count)")
        }
    }

    private static func everythingEnded(_ trial: StoreTrial) async throws {
        _ = try await trial.purge(at: trial.start)
        let before = trial.start.adding(.seconds(-86_400))
        let expired = try await Self.insertExpired(25, trial, at: before)
        let count = try await trial.purge(at: trial.start, limit: 10)
        trial.expect(count >= 25, "a purge removes the 25 records that ended a day ago; it removed \(count)")
        let again = try await trial.store.removeExpired(at: trial.start, limit: 10)
        trial.expect(again == 0, "a second purge finds nothing; it removed \(again)")
        for record in expired {
            // At its creation time the record would be live if it were only hidden. So it was removed.
            let found = try await trial.read(record, at: record.createdAt)
            trial.expect(found == nil, "a record that was purged is gone")
        }
    }

    private static func usedBefore(_ trial: StoreTrial) async throws {
        for _ in 0..<20 {
            let record = trial.record(at: trial.start.adding(.seconds(-120)), idle: .seconds(60))
            try await trial.insert(record)
            let end = record.expiresAt
            let used = record.successor { $0.lastUsedAt = end.adding(.milliseconds(-1)) }
            let isDone = try await trial.write(used, replacing: 1, at: used.lastUsedAt)
            trial.expect(isDone, "a record may be replaced in its last millisecond")
            _ = try await trial.purge(at: end)
            trial.expect(
                try await trial.read(used, at: end), equals: used, "a record that was used just before the purge")
        }
    }

    private static func replacedBefore(_ trial: StoreTrial) async throws {
        let old = trial.record(at: trial.start.adding(.seconds(-7200)))
        try await trial.insert(old)
        let new = SessionRecord(
            id: old.id, secretHash: old.secretHash, contents: Array("new".utf8), createdAt: trial.start,
            idleTimeout: .seconds(3600))
        trial.expect(try await trial.write(new, replacing: nil), "a new record may take the id of one that has ended")
        _ = try await trial.purge(at: trial.start)
        trial.expect(try await trial.read(new), equals: new, "the record in the place of one that has ended")
    }

    /// Each record is used in its last millisecond while a purge runs at its end. If the use gives true, the record
    /// must stay.
    private static func race(_ trial: StoreTrial) async throws {
        for _ in 0..<10 {
            let records = (0..<20).map { _ in trial.record(at: trial.start.adding(.seconds(-120)), idle: .seconds(60)) }
            for record in records { try await trial.insert(record) }
            let end = trial.start.adding(.seconds(-60))
            let used = records.map { $0.successor { $0.lastUsedAt = end.adding(.milliseconds(-1)) } }
            let done = try await trial.inParallel(2 * records.count) { index in
                guard index % 2 == 0 else {
                    _ = try await trial.store.removeExpired(at: end, limit: 5)
                    return false
                }
                let record = used[index / 2]
                return try await trial.write(record, replacing: 1, at: record.lastUsedAt)
            }
            for (index, record) in used.enumerated() where done[2 * index] {
                trial.expect(try await trial.read(record, at: end), equals: record, "a record whose use gave true")
            }
        }
    }

    private static func insertExpired(
        _ count: Int, _ trial: StoreTrial, at before: Date? = nil
    ) async throws -> [SessionRecord] {
        let before = before ?? trial.start.adding(.seconds(-7200))
        let records = (0..<count).map { _ in trial.record(user: trial.newUser(), at: before, idle: .seconds(1)) }
        for record in records { _ = try await trial.store.write(record, replacing: nil, at: before) }
        return records
    }
}
