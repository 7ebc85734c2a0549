// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Sessions
@testable import SessionsSupport

extension FuzzTarget {
    /// The first byte says how much of the token the input is: all of it, what a signature and a time are added to, what
    /// a signature is added to, or the JSON, which is also compressed where that is shorter. Without those no input would
    /// get past the signature, and few changes of a text would come through base64 and zlib.
    static let flaskToken = FuzzTarget("flask-token", "Flask's session cookie") { input in
        let coder = FlaskTokenCoder(
            keys: FuzzSetting.keys, maximumAge: FuzzSetting.lifetime.idleSeconds, clockSkew: FuzzSetting.clockSkew)
        let signer = Signer(keys: FuzzSetting.keys, salt: "cookie-session", digest: .sha1)
        try Self.check(coder, Self.token(input, signer))
    }

    static let signedToken = FuzzTarget("signed-token", "Dewar's signed cookie, beside those of older formats") {
        input in
        let coder = SignedTokenCoder(
            keys: FuzzSetting.keys, cookieName: FuzzSetting.cookieName, lifetime: FuzzSetting.lifetime,
            clockSkew: FuzzSetting.clockSkew)
        let signer = Signer(
            keys: FuzzSetting.keys, salt: "dewar.session." + FuzzSetting.cookieName, digest: .sha256)
        let token = Self.token(input, signer)
        try Self.check(coder, token)
        let older = FlaskTokenCoder(
            keys: FuzzSetting.keys, maximumAge: FuzzSetting.lifetime.idleSeconds, clockSkew: FuzzSetting.clockSkew)
        let either = AcceptingTokenCoder(current: older, older: [coder])
        let alone = try? coder.decode(token[...], now: FuzzSetting.now)
        let beside = try? either.decode(token[...], now: FuzzSetting.now)
        try require(alone?.values == beside?.values, "beside another format the token holds something else")
    }

    private static func token(_ input: [UInt8], _ signer: Signer) -> [UInt8] {
        let (way, rest) = input.choice(of: 5)
        return switch way {
        case 0: rest
        case 1: TimedSigner(signer).sign(rest, at: FuzzSetting.now)
        case 2: signer.sign(rest)
        case 3: TimedSigner(signer).sign(Base64.encodeURLSafe(rest), at: FuzzSetting.now)
        default: TimedSigner(signer).sign(TokenPayload.encode(rest), at: FuzzSetting.now)
        }
    }

    private static func check(_ coder: some TokenCoder, _ token: [UInt8]) throws {
        _ = coder.hasForm(of: token[...])
        _ = coder.mayContain("user", in: token[...])
        guard let contents = try? coder.decode(token[...], now: FuzzSetting.now) else { return }
        try require(coder.hasForm(of: token[...]), "a token was read that has not the form of one")
        try require(coder.claimedTime(of: token[...]) == contents.signedAt, "the token claims another time")
        for (key, _) in contents.values {
            try require(coder.mayContain(key, in: token[...]), "a key is there that surely is not")
        }
        guard let written = try? coder.encode(contents) else { return }
        let again = try? coder.decode(written[...], now: FuzzSetting.now)
        try require(again?.values == contents.values, "written again, the session holds something else")
        try require(again?.signedAt == contents.signedAt, "written again, the session has another time")
        try require(again?.createdAt == contents.createdAt, "written again, the session has another beginning")
    }
}
