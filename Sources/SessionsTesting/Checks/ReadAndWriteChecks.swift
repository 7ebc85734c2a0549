// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record is read as it was written.
enum ReadAndWriteChecks {
    static let all = [
        StoreCheck("an id that was never written has no record", neverWritten),
        StoreCheck("a record is read as it was written", everyField),
        StoreCheck("fields without a value are read without one", noOptionalField),
        StoreCheck("an empty value is not the same as none", emptyValues),
        StoreCheck("a record that was replaced is read in its new form", replaced),
        StoreCheck("times are kept to the millisecond", times),
        StoreCheck("durations are kept to the millisecond", durations),
        StoreCheck("records whose ids differ in one bit do not touch each other", neighbours),
        StoreCheck("a write is seen by every read that begins after it", visibility),
    ]

    private static func neverWritten(_ trial: StoreTrial) async throws {
        let found = try await trial.read(trial.record())
        trial.expect(found == nil, "no record under a new id")
    }

    static func full(_ trial: StoreTrial) -> SessionRecord {
        var record = trial.record(user: trial.newUser(), absoluteEnd: trial.start.adding(.seconds(86_400)))
        record.previousSecretHash = SessionRandom.system.bytes(32)
        record.graceEnd = trial.start.adding(.milliseconds(30_001))
        record.renewedAt = trial.start.adding(.milliseconds(-2))
        record.authenticatedAt = trial.start.adding(.milliseconds(-3))
        record.lastUsedAt = trial.start.adding(.milliseconds(-4))
        record.deviceLabel = "Firefox on Linux"
        return record
    }

    private static func everyField(_ trial: StoreTrial) async throws {
        try await Self.roundTrip(Self.full(trial), trial, "a record with every field")
    }

    private static func noOptionalField(_ trial: StoreTrial) async throws {
        try await Self.roundTrip(trial.record(), trial, "a record with none of the optional fields")
    }

    private static func emptyValues(_ trial: StoreTrial) async throws {
        var record = trial.record(user: "", contents: [])
        record.deviceLabel = ""
        record.previousSecretHash = []
        try await Self.roundTrip(record, trial, "a record with empty values")
    }

    private static func replaced(_ trial: StoreTrial) async throws {
        let bare = trial.record()
        try await trial.insert(bare)
        var full = Self.full(trial)
        full = SessionRecord(
            id: bare.id, secretHash: full.secretHash, previousSecretHash: full.previousSecretHash,
            graceEnd: full.graceEnd, version: 2, contents: Array("other".utf8), createdAt: full.createdAt,
            renewedAt: full.renewedAt, authenticatedAt: full.authenticatedAt, lastUsedAt: full.lastUsedAt,
            idleTimeout: .seconds(1800), absoluteEnd: full.absoluteEnd, user: full.user, deviceLabel: full.deviceLabel)
        try await Self.replace(full, trial, "a record that has got every field")
        var bareAgain = bare
        bareAgain.version = 3
        try await Self.replace(bareAgain, trial, "a record that has lost the optional fields")
    }

    private static func times(_ trial: StoreTrial) async throws {
        let odd = [
            -86_400_001, -1, 0, 1, 999, 1000, 951_782_400_007, 1_700_000_000_123, 2_147_483_648_999, 4_102_444_800_001,
        ]
        for milliseconds in odd {
            var record = trial.record()
            let time = Date(milliseconds: milliseconds)
            (record.renewedAt, record.authenticatedAt, record.graceEnd) = (time, time, time)
            // Not a whole second, whatever the time of the run.
            record.lastUsedAt = Date(milliseconds: record.lastUsedAt.milliseconds / 1000 * 1000 + 501)
            try await Self.roundTrip(record, trial, "a time \(milliseconds) ms after 1970")
        }
    }

    private static func durations(_ trial: StoreTrial) async throws {
        let hour = 3_600_000
        for milliseconds in [hour, hour + 1, hour + 999, 31 * 24 * hour, 400 * 24 * hour + 7, 100 * 365 * 24 * hour] {
            let record = trial.record(idle: .milliseconds(milliseconds))
            try await Self.roundTrip(record, trial, "an idle timeout of \(milliseconds) ms")
        }
    }

    private static func neighbours(_ trial: StoreTrial) async throws {
        let first = trial.record(contents: [0])
        try await trial.insert(first)
        var others: [SessionRecord] = []
        for bit in 0..<128 {
            var bytes = first.id.bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            guard let id = SessionID(bytes: bytes) else { continue }
            others.append(
                SessionRecord(
                    id: id, secretHash: first.secretHash, contents: [UInt8(bit + 1)], createdAt: trial.start,
                    idleTimeout: .seconds(3600)))
        }
        for other in others { try await trial.insert(other) }
        for record in [first] + others {
            trial.expect(try await trial.read(record), equals: record, "one of 129 neighbours")
        }
    }

    private static func visibility(_ trial: StoreTrial) async throws {
        var record = trial.record()
        try await trial.insert(record)
        for _ in 0..<50 {
            trial.expect(try await trial.read(record), equals: record, "a read after a write")
            let next = record.successor { $0.contents = SessionRandom.system.bytes(8) }
            trial.expect(
                try await trial.write(next, replacing: record.version), "replacing the version that is there gives true"
            )
            record = next
        }
        trial.expect(try await trial.read(record), equals: record, "a read after fifty writes")
    }

    // MARK: - Helpers

    static func roundTrip(_ record: SessionRecord, _ trial: StoreTrial, _ what: String) async throws {
        try await trial.insert(record, at: trial.start)
        trial.expect(try await trial.read(record), equals: record, what)
    }

    private static func replace(_ record: SessionRecord, _ trial: StoreTrial, _ what: String) async throws {
        let isDone = try await trial.write(record, replacing: record.version - 1)
        trial.expect(isDone, "replacing the version that is there gives true")
        trial.expect(try await trial.read(record), equals: record, what)
    }
}
