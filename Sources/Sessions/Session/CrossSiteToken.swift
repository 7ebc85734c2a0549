// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A session's secret against cross-site requests, and the tokens that show it, each masked in its own way.
///
/// A token is 16 random bytes, and the secret combined with them by exclusive or. A page that is sent twice thus has no
/// repeated secret in it, which its compressed length could tell byte by byte (the BREACH attack).
struct CrossSiteToken: Sendable {
    let secret: [UInt8]

    /// Where the secret is among the session's values.
    static let key = "_csrf"
    /// 128 bits.
    static let length = 16
    private static let textLength = (2 * Self.length * 4 + 2) / 3

    /// A new secret.
    init(using random: SessionRandom) {
        self.secret = random.bytes(Self.length)
    }

    /// The secret that a session holds; nil for what is none.
    init?(stored value: SessionValue?) {
        guard case .string(let text)? = value, text.utf8.count <= Self.textLength,
            let secret = Base64.decodeURLSafe(ArraySlice(text.utf8)), secret.count == Self.length
        else { return nil }
        self.secret = secret
    }

    /// The secret that a token shows; nil for what is no token.
    init?(masked text: String) {
        guard text.utf8.count == Self.textLength, let bytes = Base64.decodeURLSafe(ArraySlice(text.utf8)),
            bytes.count == 2 * Self.length
        else { return nil }
        self.secret = zip(bytes[..<Self.length], bytes[Self.length...]).map { $0 ^ $1 }
    }

    /// What the session keeps.
    var stored: SessionValue {
        .string(String(decoding: Base64.encodeURLSafe(self.secret), as: UTF8.self))
    }

    /// A token, another one each time.
    func masked(using random: SessionRandom) -> String {
        let mask = random.bytes(Self.length)
        let hidden = zip(mask, self.secret).map { $0 ^ $1 }
        return String(decoding: Base64.encodeURLSafe(mask + hidden), as: UTF8.self)
    }

    /// Compares in constant time.
    func matches(_ other: CrossSiteToken) -> Bool {
        guard self.secret.count == other.secret.count else { return false }
        return zip(self.secret, other.secret).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension CrossSiteToken: CustomStringConvertible, CustomReflectable {
    var description: String { "CrossSiteToken" }
    /// `dump` shows nothing.
    var customMirror: Mirror { Mirror(self, children: []) }
}
