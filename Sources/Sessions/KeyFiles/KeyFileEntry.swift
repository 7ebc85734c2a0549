// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A key in a key file.
package struct KeyFileEntry: Sendable {
    /// What a key is for, by the word that its line begins with.
    package enum Phase: String, Sendable, Hashable {
        /// Accepted, and to sign next.
        case next
        /// Signs.
        case sign
        /// Accepted, and has signed before.
        case accept
    }

    package var phase: Phase
    package let key: SecretKey
    /// From when on the key is refused.
    package var end: Date?
    /// How the file spells the key.
    let spelling: String

    init(_ phase: Phase, _ key: SecretKey, spelling: String? = nil, end: Date? = nil) {
        self.phase = phase
        self.key = key
        self.end = end
        self.spelling = spelling ?? key.base64Text
    }

    /// The line, which holds the key.
    var text: String {
        "\(self.phase.rawValue) \(self.spelling)" + (self.end.map { " until \(KeyFileDate.text($0))" } ?? "")
    }
}

extension KeyFileEntry: CustomStringConvertible, CustomReflectable {
    /// The phase and the fingerprint.
    package var description: String { "\(self.phase.rawValue) \(self.key.fingerprint)" }

    /// `dump` shows no more than `print`.
    package var customMirror: Mirror { Mirror(self, children: ["phase": self.phase, "key": self.key]) }
}
