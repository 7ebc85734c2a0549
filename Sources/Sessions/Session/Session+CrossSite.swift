// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Session {
    /// A token for a form or script of this visitor's next page, against requests that other sites make a browser send.
    ///
    /// ```html
    /// <input type="hidden" name="csrf_token" value="…">
    /// ```
    ///
    /// The first one begins a session where there was none; a page without a form should not ask for it. Every one is
    /// spelled differently, and all are good, in as many tabs as there are, until ``renew()``, ``removeAll()`` or
    /// ``destroy()``, or until the last other value is popped. Ask for it after these, not before.
    ///
    /// The secret behind it is an entry of the session, `_csrf`.
    public var csrfToken: String {
        let (present, random) = self.write { state in
            state.hasGivenToken = true
            return (CrossSiteToken(stored: state.values[CrossSiteToken.key]), state.request.surroundings.random)
        }
        let token = present ?? self.addToken(CrossSiteToken(using: random))
        return token.masked(using: random)
    }

    /// Adds a secret for tokens, unless another task has done so meanwhile, and gives the one that is there.
    private func addToken(_ new: CrossSiteToken) -> CrossSiteToken {
        self.write { state in
            if let token = CrossSiteToken(stored: state.values[CrossSiteToken.key]) { return token }
            // Of two pages asked for at once, the first decides.
            state.make(.update(CrossSiteToken.key) { CrossSiteToken(stored: $0)?.stored ?? new.stored })
            return new
        }
    }

    /// Whether a token is one of this session, and no older than its last renewal.
    ///
    /// A check is no reason for the response to vary by the cookie: nothing but a refusal comes of it.
    func accepts(csrfToken text: String) -> Bool {
        guard let own = CrossSiteToken(stored: self.openQuietly().values[CrossSiteToken.key]),
            let other = CrossSiteToken(masked: text)
        else { return false }
        return own.matches(other)
    }

    var hasIssuedCSRFToken: Bool {
        CrossSiteToken(stored: self.openQuietly().values[CrossSiteToken.key]) != nil
    }
}

extension SessionState {
    /// A sign-out that takes out the last entry ends the session, and the tokens with it: a secret that no page asks
    /// for any more must not keep the session alive. What this request gives out stays.
    mutating func dropLoneToken(after change: SessionChange) {
        switch change {
        case .remove, .removeLast: break
        default: return
        }
        guard !self.hasGivenToken, self.values.count == 1, self.values[CrossSiteToken.key] != nil else { return }
        self.make(.removeAlone(CrossSiteToken.key))
    }
}

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
        self.secret.hasSameBytes(as: other.secret)
    }
}

extension CrossSiteToken: CustomStringConvertible, CustomReflectable {
    var description: String { "CrossSiteToken" }
    /// `dump` shows nothing.
    var customMirror: Mirror { Mirror(self, children: []) }
}
