// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A write happens wholly or not at all, and two writers of one version never both succeed.
enum CompareAndSetChecks {
    static let all = [
        StoreCheck("an id that is taken is not overwritten", collision),
        StoreCheck("a write that replaces another version changes nothing", wrongVersion),
        StoreCheck("a write that replaces a record that is not there changes nothing", nothingThere),
        StoreCheck("of many writers of one version exactly one succeeds", oneWinner),
        StoreCheck("of many writers of a new id exactly one succeeds", oneCreator),
        StoreCheck("many writers that try again lose nothing", retrying),
    ]

    private static func collision(_ trial: StoreTrial) async throws {
        let first = trial.record(user: trial.newUser(), contents: Array("first".utf8))
        try await trial.insert(first)
        let second = SessionRecord(
            id: first.id, secretHash: SessionRandom.system.bytes(32), contents: Array("second".utf8),
            createdAt: trial.start, idleTimeout: .seconds(3600), user: trial.newUser())
        let isDone = try await trial.write(second, replacing: nil)
        trial.expect(!isDone, "writing a new record under an id that is taken gives false")
        trial.expect(try await trial.read(first), equals: first, "the record that was there first")
        let isListed = try await trial.isListed(second, under: second.user ?? "")
        trial.expect(!isListed, "a write that gave false changes no list")
    }

    private static func wrongVersion(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let first = trial.record()
        try await trial.insert(first)
        let second = first.successor { $0.contents = Array("second".utf8) }
        trial.expect(try await trial.write(second, replacing: 1), "replacing the version that is there gives true")
        for version in [-1, 0, 1, 3, 258, 65_538, 4_294_967_298] {
            var late = first
            (late.version, late.contents, late.user) = (version + 1, Array("late".utf8), user)
            let isDone = try await trial.write(late, replacing: version)
            trial.expect(!isDone, "replacing version \(version) of a record of version 2 gives false")
        }
        trial.expect(try await trial.read(second), equals: second, "the record after writes that gave false")
        let isListed = try await trial.isListed(second, under: user)
        trial.expect(!isListed, "a write that gave false changes no list")
    }

    private static func nothingThere(_ trial: StoreTrial) async throws {
        for version in [0, 1, 2] {
            var record = trial.record(user: trial.newUser())
            record.version = version + 1
            let isDone = try await trial.write(record, replacing: version)
            trial.expect(!isDone, "replacing version \(version) of a record that is not there gives false")
            let found = try await trial.read(record)
            trial.expect(found == nil, "a write that gave false leaves no record")
            let isListed = try await trial.isListed(record, under: record.user ?? "")
            trial.expect(!isListed, "a write that gave false changes no list")
        }
    }

    private static func oneWinner(_ trial: StoreTrial) async throws {
        var record = trial.record()
        try await trial.insert(record)
        for _ in 0..<10 {
            let base = record
            let nexts = (0..<trial.settings.parallelism).map { writer in
                base.successor { $0.contents = Array("writer \(writer)".utf8) }
            }
            let done = try await trial.inParallel { try await trial.write(nexts[$0], replacing: base.version) }
            guard let winner = Self.winner(of: done, trial) else { return }
            record = nexts[winner]
            trial.expect(try await trial.read(record), equals: record, "what the one writer wrote")
        }
    }

    private static func oneCreator(_ trial: StoreTrial) async throws {
        for _ in 0..<10 {
            let base = trial.record()
            let records = (0..<trial.settings.parallelism).map { writer in
                var record = base
                record.contents = Array("writer \(writer)".utf8)
                return record
            }
            let done = try await trial.inParallel { try await trial.write(records[$0], replacing: nil) }
            guard let winner = Self.winner(of: done, trial) else { return }
            trial.expect(try await trial.read(base), equals: records[winner], "what the one writer wrote")
        }
    }

    private static func winner(of done: [Bool], _ trial: StoreTrial) -> Int? {
        let count = done.count { $0 }
        trial.expect(count == 1, "one of \(done.count) writers succeeds; \(count) did")
        return count == 1 ? done.firstIndex(of: true) : nil
    }

    private static func retrying(_ trial: StoreTrial) async throws {
        let first = trial.record(contents: [])
        try await trial.insert(first)
        let writers = min(trial.settings.parallelism, 20)
        _ = try await trial.inParallel(writers) { writer in
            for _ in 0..<5 { try await Self.append(UInt8(writer), to: first, trial) }
        }
        guard let last = try await trial.read(first) else {
            return trial.fail("expected: a record after \(writers) writers")
        }
        trial.expect(
            last.version == 1 + 5 * writers, "the version has grown by one with each write; it is \(last.version)")
        for writer in 0..<writers {
            let count = last.contents.count { $0 == UInt8(writer) }
            trial.expect(count == 5, "a writer's five bytes are all there; there are \(count)")
        }
    }

    private static func append(_ byte: UInt8, to first: SessionRecord, _ trial: StoreTrial) async throws {
        for attempt in 1...5000 {
            guard let record = try await trial.read(first) else { return trial.fail("expected: a record that stays") }
            let next = record.successor { $0.contents.append(byte) }
            if try await trial.write(next, replacing: record.version) { return }
            await Backoff.wait(after: attempt)
        }
        trial.fail("expected: one of 5000 attempts to write what was just read succeeds")
    }
}
