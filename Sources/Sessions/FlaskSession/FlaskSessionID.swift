// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An id as Flask-Session makes it, random bytes in base64url: all that opens a session, and so never shown.
struct FlaskSessionID: Sendable {
    let text: String

    /// What 16 bytes make, the fewest that cannot be guessed; and more than anybody makes.
    private static let lengths = 22...1024

    /// A new id.
    init(using random: SessionRandom, length: Int) {
        self.text = String(decoding: Base64.encodeURLSafe(random.bytes(length)), as: UTF8.self)
    }

    /// The id in a cookie; nil for what no generator makes, so that a visitor cannot ask the engine for anything else.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard Self.lengths.contains(bytes.count), bytes.allSatisfy(Self.isURLSafe) else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isURLSafe(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-_") }
}

extension FlaskSessionID: CustomStringConvertible, CustomReflectable {
    var description: String { "FlaskSessionID" }

    var customMirror: Mirror { Mirror(self, children: []) }
}
