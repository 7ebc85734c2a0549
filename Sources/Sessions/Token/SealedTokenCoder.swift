// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Dewar's sealed cookie: encrypted and authenticated for the cookie's name, with the session's beginning and end
/// inside.
///
/// `docs/FORMATS.md` has it byte by byte.
struct SealedTokenCoder: TokenCoder {
    static let purpose = "dewar.session"

    private let sealer: Sealer
    private let lifetime: SessionLifetime
    private let clockSkew: Int
    private let random: SessionRandom

    init(
        keys: SecretKeys, cookieName: String, purpose: String = Self.purpose, lifetime: SessionLifetime, clockSkew: Int,
        random: SessionRandom = .system
    ) {
        self.sealer = Sealer(keys: keys, purpose: purpose, name: cookieName, random: random)
        self.lifetime = lifetime
        self.clockSkew = clockSkew
        self.random = random
    }

    func encode(_ contents: TokenContents) throws -> [UInt8] {
        let created = contents.createdAt ?? contents.signedAt
        let absoluteEnd = self.lifetime.absoluteSeconds.map { created + $0 }
        let payload = SealedPayload(
            createdAt: created, sealedAt: contents.signedAt,
            expiresAt: min(contents.signedAt + self.lifetime.idleSeconds, absoluteEnd ?? .max),
            id: contents.id ?? SessionID(using: self.random), idMadeAt: contents.idMadeAt ?? contents.signedAt * 1000,
            json: try TaggedJSON.encode(.dictionary(contents.values)))
        return try self.sealer.seal(payload.bytes)
    }

    func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
        guard let payload = SealedPayload(try self.sealer.open(token)) else { throw TokenError(.badPayload) }
        try self.checkAge(of: payload, now: now)
        guard payload.createdAt <= payload.sealedAt + self.clockSkew, let json = payload.json,
            case .dictionary(let values)? = try? TaggedJSON.decode(json)
        else { throw TokenError(.badPayload, signedAt: payload.sealedAt) }
        return TokenContents(
            values: values, createdAt: payload.createdAt, signedAt: payload.sealedAt, expiresAt: payload.expiresAt,
            id: payload.id, idMadeAt: payload.idMadeAt)
    }

    /// The end that the token was given holds, and the limits of today.
    private func checkAge(of payload: SealedPayload, now: Int) throws(TokenError) {
        guard payload.sealedAt - now <= self.clockSkew else {
            throw TokenError(.notYetValid, signedAt: payload.sealedAt)
        }
        let isTooOld = self.lifetime.absoluteSeconds.map { now - payload.createdAt > $0 } ?? false
        guard now <= payload.expiresAt, now - payload.sealedAt <= self.lifetime.idleSeconds, !isTooOld else {
            throw TokenError(.expired, signedAt: payload.sealedAt)
        }
    }

    /// What is sealed shows nothing, and might hold anything.
    func mayContain(_ key: String, in token: ArraySlice<UInt8>) -> Bool { true }

    /// The time is sealed too, so that the seal is opened for it; the JSON is not read.
    func claimedTime(of token: ArraySlice<UInt8>) -> Int? {
        guard let bytes = self.sealer.peek(token) else { return nil }
        return SealedPayload(bytes)?.sealedAt
    }

    func hasForm(of token: ArraySlice<UInt8>) -> Bool { Sealer.hasForm(of: token) }
}
