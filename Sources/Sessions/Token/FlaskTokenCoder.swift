// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Flask's session cookie: tagged JSON under a timed HMAC-SHA-1 with the salt `cookie-session` (`flask/sessions.py`).
package struct FlaskTokenCoder: TokenCoder {
    private let signer: TimedSigner
    private let maximumAge: Int?
    private let clockSkew: Int

    package init(keys: SecretKeys, salt: String = "cookie-session", maximumAge: Int?, clockSkew: Int) {
        self.signer = TimedSigner(Signer(keys: keys, salt: salt, digest: .sha1))
        self.maximumAge = maximumAge
        self.clockSkew = clockSkew
    }

    package func encode(_ contents: TokenContents) throws -> [UInt8] {
        let json = try TaggedJSON.encode(.dictionary(contents.values))
        try TokenPayload.checkSize(of: json)
        return self.signer.sign(TokenPayload.encode(json), at: contents.signedAt)
    }

    package func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
        let (value, signedAt) = try self.decodeValue(token, now: now)
        guard let values = Self.entries(of: value) else { throw TokenError(.badPayload, signedAt: signedAt) }
        return TokenContents(values: values, createdAt: nil, signedAt: signedAt)
    }

    /// Any value, not only a session: itsdangerous' `URLSafeTimedSerializer.dumps`.
    package func encode(_ value: SessionValue, signedAt: Int) throws(TaggedJSONError) -> [UInt8] {
        self.signer.sign(TokenPayload.encode(try TaggedJSON.encode(value)), at: signedAt)
    }

    /// Any value, not only a session: itsdangerous' `URLSafeTimedSerializer.loads`.
    package func decodeValue(
        _ token: ArraySlice<UInt8>, now: Int
    ) throws(TokenError) -> (value: SessionValue, signedAt: Int) {
        let (segment, signedAt) = try self.signer.unsign(
            token, now: now, maximumAge: self.maximumAge, clockSkew: self.clockSkew)
        guard let json = TokenPayload.decode(segment), let value = try? TaggedJSON.decode(json) else {
            throw TokenError(.badPayload, signedAt: signedAt)
        }
        return (value, signedAt)
    }

    /// What Python's `dict()` makes of the value: a dictionary, pairs, or nothing from an empty value.
    private static func entries(of value: SessionValue) -> SessionDictionary? {
        switch value {
        case .null: return SessionDictionary()
        case .dictionary(let entries): return entries
        case .string(let text), .markup(let text): return text.isEmpty ? SessionDictionary() : nil
        case .list(let items), .tuple(let items):
            var entries = SessionDictionary()
            for item in items {
                guard case .list(let pair) = item, pair.count == 2, case .string(let key) = pair[0] else { return nil }
                entries[key] = pair[1]
            }
            return entries
        default: return nil
        }
    }
}
