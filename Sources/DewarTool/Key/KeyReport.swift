// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key of a file, as `dewar key` reports it: by its fingerprint, and without the key.
struct KeyReport {
    let fingerprint: String
    private let phase: String
    private let end: Date?
    /// Whether no server accepts the key any more.
    let hasEnded: Bool

    init(_ entry: KeyFileEntry, at now: Date) {
        self.fingerprint = entry.key.fingerprint
        self.phase = entry.phase.rawValue
        self.end = entry.end
        self.hasEnded = entry.end.map { $0 <= now } ?? false
    }

    /// A key that was taken out of its file.
    init(gone key: SecretKey) {
        self.fingerprint = key.fingerprint
        self.phase = "gone"
        self.end = nil
        self.hasEnded = true
    }

    /// The end as the file spells it: a day counts to its end.
    private var until: String? { self.end.map(KeyFileDate.text) }

    /// The key on a line of `dewar key list`.
    var line: String {
        Printable.padded(self.phase, 7) + self.fingerprint + (self.until.map { " until \($0)" } ?? "")
    }

    var json: JSON {
        .object([
            "fingerprint": .string(self.fingerprint), "phase": .string(self.phase), "until": .text(self.until),
            "ended": .bool(self.hasEnded),
        ])
    }
}

/// What a command did with the keys of a file: lines for a person, and for a script the keys that it is about.
struct KeyFileReport {
    let lines: [String]
    let keys: [KeyReport]

    func write(asJSON: Bool) {
        guard !asJSON else { return Console.write(JSON.array(self.keys.map(\.json)).line) }
        for line in self.lines { Console.write(line) }
    }
}
