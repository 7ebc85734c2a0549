// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Dewar's own signed cookie: like Flask's, with HMAC-SHA-256, the cookie's name bound in, and the session's beginning
/// inside.
///
/// The JSON is `[created, {…}]`. Any itsdangerous reads it: `URLSafeTimedSerializer(key, salt="dewar.session." + name,
/// serializer=TaggedJSONSerializer(), signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256})`.
package struct SignedTokenCoder: TokenCoder {
    private let signer: TimedSigner
    private let lifetime: SessionLifetime
    private let clockSkew: Int

    package init(keys: SecretKeys, cookieName: String, lifetime: SessionLifetime, clockSkew: Int) {
        self.signer = TimedSigner(Signer(keys: keys, salt: "dewar.session." + cookieName, digest: .sha256))
        self.lifetime = lifetime
        self.clockSkew = clockSkew
    }

    package func encode(_ contents: TokenContents) throws -> [UInt8] {
        let created = contents.createdAt ?? contents.signedAt
        let values = try TaggedJSON.encode(contents.values, depth: 1)
        let json = Array("[\(created),".utf8) + values + [UInt8(ascii: "]")]
        try TokenPayload.checkSize(of: json)
        return self.signer.sign(
            TokenPayload.encode(json, compressingFrom: TokenPayload.minimumCompressed), at: contents.signedAt)
    }

    package func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
        let (segment, signedAt) = try self.signer.unsign(
            token, now: now, maximumAge: self.lifetime.idleSeconds, clockSkew: self.clockSkew)
        guard let json = TokenPayload.decode(segment), case .list(let parts)? = try? TaggedJSON.decode(json),
            parts.count == 2, case .int(let created) = parts[0], case .dictionary(let values) = parts[1],
            (0...signedAt + self.clockSkew).contains(created)
        else { throw TokenError(.badPayload, signedAt: signedAt) }
        if let limit = self.lifetime.absoluteSeconds, now - created > limit {
            throw TokenError(.expired, signedAt: signedAt)
        }
        return TokenContents(values: values, createdAt: created, signedAt: signedAt)
    }
}
