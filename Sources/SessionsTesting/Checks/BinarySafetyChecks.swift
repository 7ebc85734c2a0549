// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A store keeps any bytes as they are, and does not interpret names.
enum BinarySafetyChecks {
    static let all = [
        StoreCheck("every byte may stand in the contents", everyByte),
        StoreCheck("contents may have any length up to a megabyte", lengths),
        StoreCheck("every byte may stand in the secret's hash", hashes),
        StoreCheck("odd names of users and devices are read as they were written", oddNames),
        StoreCheck("users are told apart by the bytes of their names", usersByBytes),
    ]

    /// Names that have broken stores: empty, wild cards, paths, quotes, NUL, and pairs that look alike.
    static let oddNames = [
        "", " ", "a", "A", "a ", " a", "a\0b", "a\0", "\0", "%", "_", "*", "?", "[a]", "../x", "/etc/passwd", ".", "..",
        "a/b", "a\\b", "a:b", "a,b", "a'b", "a\"b", "'; DROP TABLE sessions; --", "a\nb", "a\r\nb", "{a}", "$1", "NULL",
        "nil", "0", "00", "1e3", "caf\u{e9}", "cafe\u{301}", "\u{212B}", "\u{C5}", "A\u{30A}", "\u{FFFD}", "\u{FEFF}a",
        "\u{1F469}\u{200D}\u{1F680}", "\u{10FFFF}", "\u{7F}\u{80}", String(repeating: "x", count: 5000),
        String(repeating: "x", count: 5001), String(repeating: "\u{e9}", count: 300),
    ]

    private static func everyByte(_ trial: StoreTrial) async throws {
        let bytes = (0...255).map { UInt8($0) }
        try await ReadAndWriteChecks.roundTrip(trial.record(contents: bytes), trial, "all 256 bytes")
        let reversed = trial.record(contents: bytes.reversed())
        try await ReadAndWriteChecks.roundTrip(reversed, trial, "all 256 bytes from the last to the first")
        for byte in bytes {
            try await ReadAndWriteChecks.roundTrip(trial.record(contents: [byte]), trial, "the one byte \(byte)")
        }
    }

    private static func lengths(_ trial: StoreTrial) async throws {
        for length in [0, 1, 127, 128, 255, 256, 4095, 4096, 65_535, 65_536, 1 << 20] {
            let record = trial.record(contents: SessionRandom.system.bytes(length))
            try await ReadAndWriteChecks.roundTrip(record, trial, "\(length) random bytes")
        }
    }

    private static func hashes(_ trial: StoreTrial) async throws {
        for byte: UInt8 in [0, 0x0A, 0x0D, 0x22, 0x27, 0x5C, 0x7F, 0x80, 0xFF] {
            var record = trial.record()
            record.secretHash = Array(repeating: byte, count: 32)
            record.previousSecretHash = record.secretHash
            try await ReadAndWriteChecks.roundTrip(record, trial, "hashes of the byte \(byte)")
        }
    }

    private static func oddNames(_ trial: StoreTrial) async throws {
        for name in Self.oddNames {
            var record = trial.record(user: name)
            record.deviceLabel = name
            try await ReadAndWriteChecks.roundTrip(record, trial, "the name \(name.prefix(40).debugDescription)")
        }
    }

    private static func usersByBytes(_ trial: StoreTrial) async throws {
        let records = Self.oddNames.map { trial.record(user: $0) } + [trial.record()]
        for record in records { try await trial.insert(record) }
        for name in Self.oddNames {
            let ids = Set(try await trial.store.ids(ofUser: name, at: trial.start))
            for record in records {
                let isTheirs = record.user.map { $0.utf8.elementsEqual(name.utf8) } ?? false
                let shown = "\(name.prefix(40).debugDescription) \(Array(name.utf8.prefix(40)))"
                let owner = record.user.map { $0.prefix(40).debugDescription } ?? "nobody"
                trial.expect(
                    ids.contains(record.id) == isTheirs,
                    "the sessions of \(shown) \(isTheirs ? "include" : "do not include") that of \(owner)")
            }
        }
    }
}
