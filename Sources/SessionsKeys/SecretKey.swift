// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import SessionsSupport

/// A secret that signs sessions: Flask's `SECRET_KEY`, as text or as bytes.
///
/// It prints as a few bits of its hash: a log can tell two keys apart without giving either away.
///
/// ```swift
/// let key: SecretKey = "any random string"
/// let bytes = SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC, 0x5D, 0x2F])
/// ```
public struct SecretKey: Sendable, Hashable {
    package let bytes: [UInt8]

    /// A key from the UTF-8 bytes of a text, as Flask treats a `str`.
    public init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    /// A key from bytes, as Flask treats `bytes`.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A key from standard or URL-safe base64; nil when `base64` is neither.
    public init?(base64: String) {
        let digits = base64.utf8.prefix(while: Self.isBase64)
        let padding = base64.utf8.dropFirst(digits.count)
        guard padding.allSatisfy({ $0 == UInt8(ascii: "=") }),
            padding.isEmpty || (padding.count <= 2 && base64.utf8.count % 4 == 0),
            let bytes = Base64.decodeURLSafe(ArraySlice(digits))
        else { return nil }
        self.bytes = bytes
    }

    /// A key as a configuration spells it: text, or `base64:` and bytes in base64; nil when that base64 is broken.
    public init?(configured text: String) {
        let prefix = "base64:"
        guard text.hasPrefix(prefix) else {
            self.init(text)
            return
        }
        self.init(base64: String(text.dropFirst(prefix.count)))
    }

    /// A key of 32 random bytes, which cannot be guessed.
    package init(using random: SessionRandom) {
        self.bytes = random.bytes(KeyStrength.minimumBytes)
    }

    /// The key itself as a configuration or a key file spells it, with `base64:` in front. Never log it.
    package var base64Text: String {
        "base64:" + String(decoding: Base64.encodeStandard(self.bytes), as: UTF8.self)
    }

    /// The bytes in hex. Flask uses the text as its key: the digits, not the bytes that they stand for. Never log it.
    package var hexText: String { Hex.text(self.bytes) }

    /// Names the key in logs, in counters and in the output of `dewar key list`: 32 bits of a hash, as eight hex
    /// digits.
    ///
    /// It is the key id in the sealed cookies that the key makes, and reveals no more than any such cookie: nothing of
    /// a random key. An attacker who guesses a weak key can check the guess with it, as with a cookie.
    public var fingerprint: String { Hex.text(SealingKey(self).id) }

    /// Flask treats an empty key as none.
    package var isEmpty: Bool { self.bytes.isEmpty }

    private static func isBase64(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "+/-_") }
}

extension SecretKey: ExpressibleByStringLiteral {
    /// A key written into the program, as text.
    public init(stringLiteral value: String) { self.init(value) }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The ``fingerprint``.
    public var description: String { "SecretKey(\(self.fingerprint))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["fingerprint": self.description]) }
}
