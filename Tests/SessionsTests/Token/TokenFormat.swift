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
