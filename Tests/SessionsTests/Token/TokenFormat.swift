// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Sessions
@testable import SessionsKeys

/// The formats of a token, with what tests need to make and read one.
enum TokenFormat: CaseIterable {
    case flask, signed, sealed

    /// Those with a signature behind a dot.
    static let withSignature: [TokenFormat] = [.flask, .signed]

    static let now = 1_700_000_000
    static let contents = TokenContents(
        values: ["user": "ada", "_permanent": true], createdAt: Self.now - 100, signedAt: Self.now,
        id: SessionID(bytes: UInt8(1)...16), idMadeAt: (Self.now - 100) * 1000 + 7)

    func coder(
        keys: SecretKeys = "a secret", name: String = "session", idle: Int = 3600, absolute: Int? = nil,
        clockSkew: Int = 0
    ) -> any TokenCoder {
        switch self {
        case .flask: FlaskTokenCoder(keys: keys, maximumAge: idle, clockSkew: clockSkew)
        case .signed:
            SignedTokenCoder(
                keys: keys, cookieName: name,
                lifetime: SessionLifetime(idle: .seconds(idle), absolute: absolute.map { .seconds($0) }),
                clockSkew: clockSkew)
        case .sealed:
            SealedTokenCoder(
                keys: keys, cookieName: name,
                lifetime: SessionLifetime(idle: .seconds(idle), absolute: absolute.map { .seconds($0) }),
                clockSkew: clockSkew)
        }
    }

    /// A token with this JSON for contents, as only who has the key can make it.
    func token(json: [UInt8], random: SessionRandom = .system) throws -> [UInt8] {
        func signed(_ salt: String, _ digest: Signer.Digest, _ json: [UInt8]) -> [UInt8] {
            let signer = TimedSigner(Signer(keys: "a secret", salt: salt, digest: digest))
            return signer.sign(TokenPayload.encode(json), at: Self.now)
        }
        switch self {
        case .flask: return signed("cookie-session", .sha1, json)
        case .signed:
            return signed("dewar.session.session", .sha256, Array("[\(Self.now),".utf8) + json + Array("]".utf8))
        case .sealed:
            let payload = SealedPayload(
                createdAt: Self.now, sealedAt: Self.now, expiresAt: Self.now + 3600, id: SessionID(using: random),
                idMadeAt: Self.now * 1000, json: json)
            return try Sealer(keys: "a secret", purpose: SealedTokenCoder.purpose, name: "session", random: random)
                .seal(payload.bytes)
        }
    }

    /// Why a token of a key that is not among the keys is refused.
    var refusalOfAnotherKey: TokenError.Kind {
        switch self {
        case .flask, .signed: .badSignature
        case .sealed: .unknownKey
        }
    }

    /// The number of characters of the signature.
    var signatureLength: Int {
        switch self {
        case .flask: 27
        case .signed: 43
        case .sealed: 0
        }
    }
}

extension TokenCoder {
    /// Why a token is refused; nil when it is accepted.
    func refusal(of token: [UInt8], now: Int = TokenFormat.now) -> TokenError.Kind? {
        do throws(TokenError) {
            _ = try self.decode(token[...], now: now)
            return nil
        } catch {
            return error.kind
        }
    }
}
