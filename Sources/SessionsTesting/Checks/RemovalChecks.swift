// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A removed record does not come back.
enum RemovalChecks {
    static let all = [
        StoreCheck("a record that was removed is gone", gone),
        StoreCheck("removing a record that is not there is no error", idempotent),
        StoreCheck("a record is removed when its version is the one that was given", rightVersion),
        StoreCheck("a record of another version is not removed", wrongVersion),
        StoreCheck("no write that replaces a version brings a removed record back", noResurrection),
        StoreCheck("a record removed under many writers does not come back", underWriters),
        StoreCheck("of a write and a removal of one version exactly one succeeds", writeOrRemoval),
    ]

    private static func gone(_ trial: StoreTrial) async throws {
        let record = trial.record(user: trial.newUser())
        let other = trial.record(user: record.user)
        for record in [record, other] { try await trial.insert(record) }
        let isDone = try await trial.store.remove(record.id, ifVersion: nil)
        trial.expect(isDone, "removing a record gives true")
        try await Self.expectGone(record, trial)
        trial.expect(try await trial.read(other), equals: other, "another session of the same user")
    }

    private static func idempotent(_ trial: StoreTrial) async throws {
        let record = trial.record()
        for version in [nil, 1] as [Int?] {
            let isDone = try await trial.store.remove(record.id, ifVersion: version)
            trial.expect(isDone, "removing a record that is not there gives true, as nothing is left")
        }
        try await trial.insert(record)
        for version in [nil, 1, nil] as [Int?] {
            let isDone = try await trial.store.remove(record.id, ifVersion: version)
            trial.expect(isDone, "removing a record again gives true")
        }
    }

    private static func rightVersion(_ trial: StoreTrial) async throws {
        let record = trial.record(user: trial.newUser())
        try await trial.insert(record)
        trial.expect(
            try await trial.write(record.successor(), replacing: 1), "replacing the version that is there gives true")
        let isDone = try await trial.store.remove(record.id, ifVersion: 2)
        trial.expect(isDone, "removing the version that is there gives true")
        try await Self.expectGone(record, trial)
    }

    private static func wrongVersion(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let record = trial.record(user: user)
        try await trial.insert(record)
        for version in [0, 2] {
            let isDone = try await trial.store.remove(record.id, ifVersion: version)
            trial.expect(!isDone, "removing version \(version) of a record of version 1 gives false")
        }
        trial.expect(try await trial.read(record), equals: record, "the record after removals that gave false")
        trial.expect(try await trial.isListed(record, under: user), "a removal that gave false changes no list")
    }

    private static func noResurrection(_ trial: StoreTrial) async throws {
        let first = trial.record(user: trial.newUser())
        try await trial.insert(first)
        let second = first.successor()
        trial.expect(try await trial.write(second, replacing: 1), "replacing the version that is there gives true")
        try await trial.store.remove(first.id)
        for version in [0, 1, 2, 3] {
            var late = first
            late.version = version + 1
            let isDone = try await trial.write(late, replacing: version)
            trial.expect(!isDone, "replacing version \(version) of a removed record gives false")
        }
        try await Self.expectGone(first, trial)
    }

    private static func underWriters(_ trial: StoreTrial) async throws {
        for _ in 0..<5 {
            let first = trial.record(user: trial.newUser())
            try await trial.insert(first)
            let late = try await trial.inParallel { index in
                guard index != trial.settings.parallelism / 2 else {
                    try await trial.store.remove(first.id)
                    return try await trial.read(first) != nil
                }
                return try await Self.write(20, to: first, trial)
            }
            trial.expect(!late.contains(true), "nobody sees a record again that was absent before")
            try await Self.expectGone(first, trial)
        }
    }

    /// Reads and writes the record so many times, also when it is absent; true when it was absent and then there again.
    private static func write(_ times: Int, to first: SessionRecord, _ trial: StoreTrial) async throws -> Bool {
        var wasAbsent = false
        for _ in 0..<times {
            let found = try await trial.read(first)
            if found != nil, wasAbsent { return true }
            wasAbsent = wasAbsent || found == nil
            let base = found ?? first
            let isDone = try await trial.write(base.successor(), replacing: base.version)
            if isDone, wasAbsent { return true }
            await Task.yield()
        }
        return false
    }

    private static func writeOrRemoval(_ trial: StoreTrial) async throws {
        for _ in 0..<50 {
            let record = trial.record()
            try await trial.insert(record)
            let done = try await trial.inParallel(2) { index in
                index == 0
                    ? try await trial.write(record.successor(), replacing: 1)
                    : try await trial.store.remove(record.id, ifVersion: 1)
            }
            trial.expect(
                done[0] != done[1], "one of a write and a removal succeeds; \(done[0] ? "both" : "neither") did")
            let found = try await trial.read(record)
            trial.expect(
                (found != nil) == done[0], "there is a record if the write gave true, and none if the removal did")
        }
    }

    private static func expectGone(_ record: SessionRecord, _ trial: StoreTrial) async throws {
        let found = try await trial.read(record)
        trial.expect(found == nil, "a removed record is not read")
        let isListed = try await trial.isListed(record, under: record.user ?? "")
        trial.expect(!isListed, "a removed record is not listed")
    }
}
