// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport

/// A token of one purpose, format, cookie or key never passes for another's.
@Suite struct TokenConfusionTests {
    private static let keys: SecretKeys = "a secret"

    @Test func aTokenOfOneFormatIsRefusedByTheOther() throws {
        let flask = try TokenFormat.flask.coder().encode(TokenFormat.contents)
        let signed = try TokenFormat.signed.coder().encode(TokenFormat.contents)
        #expect(TokenFormat.signed.coder().refusal(of: flask) == .badSignature)
        #expect(TokenFormat.flask.coder().refusal(of: signed) == .badSignature)
    }

    @Test func theHashFunctionIsNotTheSendersChoice() throws {
        for (made, read) in [(Signer.Digest.sha1, Signer.Digest.sha256), (.sha256, .sha1)] {
            let token = Signer(keys: Self.keys, salt: "s", digest: made).sign(Array("value".utf8))
            let reader = Signer(keys: Self.keys, salt: "s", digest: read)
            #expect(throws: TokenError(.badSignature)) { try reader.unsign(token[...]) }
        }
    }

    @Test func aLongerOrShorterCodeIsRefused() throws {
        let signer = Signer(keys: Self.keys, salt: "s", digest: .sha256)
        let token = signer.sign(Array("value".utf8))
        let code = try #require(Base64.decodeURLSafe(token.suffix(43)))
        for forged in [[], Array(code.prefix(20)), code + [0], code + code] {
            let text = Array(token.prefix(6)) + Base64.encodeURLSafe(forged)
            #expect(throws: TokenError(.badSignature)) { try signer.unsign(text[...]) }
        }
    }

    @Test func theSaltKeepsPurposesApart() throws {
        let token = try FlaskTokenCoder(keys: Self.keys, salt: "reset", maximumAge: 60, clockSkew: 0)
            .encode(TokenFormat.contents)
        #expect(TokenFormat.flask.coder().refusal(of: token) == .badSignature)
    }

    @Test func theSignedFormatIsBoundToTheCookiesName() throws {
        let token = try TokenFormat.signed.coder(name: "__Host-session").encode(TokenFormat.contents)
        #expect(TokenFormat.signed.coder(name: "__Host-session").refusal(of: token) == nil)
        for name in ["session", "__host-session", "__Host-session2", ""] {
            #expect(TokenFormat.signed.coder(name: name).refusal(of: token) == .badSignature)
        }
    }

    @Test(arguments: TokenFormat.allCases)
    func olderKeysVerifyAndOnlyTheCurrentOneSigns(_ format: TokenFormat) throws {
        let old = try format.coder(keys: "old").encode(TokenFormat.contents)
        let rotated = format.coder(keys: SecretKeys("new", fallbacks: ["older", "old"]))
        #expect(rotated.refusal(of: old) == nil)
        let new = try rotated.encode(TokenFormat.contents)
        #expect(format.coder(keys: "new").refusal(of: new) == nil)
        #expect(format.coder(keys: "old").refusal(of: new) == format.refusalOfAnotherKey)
        #expect(format.coder(keys: "new").refusal(of: old) == format.refusalOfAnotherKey)
    }

    @Test func aListWhereASessionBelongsIsRefused() throws {
        let signer = TimedSigner(Signer(keys: Self.keys, salt: "dewar.session.session", digest: .sha256))
        let payloads = [
            "{}", "[]", "[1]", #"["1",{}]"#, "[1.0,{}]", "[1,[]]", "[1,{},2]", #"{" t":[1,{}]}"#, "[true,{}]",
            "[-1,{}]",
            "[-9223372036854775808,{}]", "[9223372036854775807,{}]", "[18446744073709551616,{}]",
        ]
        for payload in payloads {
            let token = signer.sign(Base64.encodeURLSafe(Array(payload.utf8)), at: TokenFormat.now)
            #expect(TokenFormat.signed.coder(absolute: 60).refusal(of: token) == .badPayload, "\(payload)")
        }
    }
}
