// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport

/// A sealed token of one purpose, cookie or key never passes for another's, nor for another format's.
@Suite struct SealedConfusionTests {
    private static let keys: SecretKeys = "a secret"

    private static func coder(_ name: String, purpose: String) -> SealedTokenCoder {
        SealedTokenCoder(
            keys: Self.keys, cookieName: name, purpose: purpose, lifetime: SessionLifetime(idle: .seconds(3600)),
            clockSkew: 0)
    }

    @Test func aTokenIsBoundToTheCookiesName() throws {
        let token = try TokenFormat.sealed.coder(name: "__Host-session").encode(TokenFormat.contents)
        #expect(TokenFormat.sealed.coder(name: "__Host-session").refusal(of: token) == nil)
        for name in ["session", "__host-session", "__Host-session2", "__Host-sessio", ""] {
            #expect(TokenFormat.sealed.coder(name: name).refusal(of: token) == .badSeal)
        }
    }

    @Test func aTokenIsBoundToItsPurpose() throws {
        let token = try Self.coder("session", purpose: "dewar.session").encode(TokenFormat.contents)
        #expect(TokenFormat.sealed.coder().refusal(of: token) == nil)
        for (purpose, name) in [
            ("dewar.csrf", "session"), ("", "dewar.sessionsession"), ("dewar.sessionsession", ""),
            ("dewar", ".sessionsession"),
        ] {
            #expect(Self.coder(name, purpose: purpose).refusal(of: token) == .badSeal)
        }
    }

    @Test func aTokenOfOneFormatIsRefusedByTheOthers() throws {
        for made in TokenFormat.allCases {
            let token = try made.coder().encode(TokenFormat.contents)
            for reader in TokenFormat.allCases where reader != made {
                #expect(reader.coder().refusal(of: token) != nil)
            }
        }
        let sealed = try TokenFormat.sealed.coder().encode(TokenFormat.contents)
        #expect(TokenFormat.signed.coder().refusal(of: sealed) == .noSeparator)
        let signed = try TokenFormat.signed.coder().encode(TokenFormat.contents)
        #expect(TokenFormat.sealed.coder().refusal(of: signed) == .malformedToken)
    }

    /// The parts of a token in the other's clothes.
    @Test func aSealedTokenThatIsSignedAndASignedOneThatIsSealedAreRefused() throws {
        let sealed = try TokenFormat.sealed.coder().encode(TokenFormat.contents)
        let signer = TimedSigner(Signer(keys: Self.keys, salt: "dewar.session.session", digest: .sha256))
        let signed = signer.sign(sealed, at: TokenFormat.now)
        #expect(TokenFormat.signed.coder().refusal(of: signed) == .badPayload)
        #expect(TokenFormat.sealed.coder().refusal(of: signed) == .malformedToken)
        let inner = try TokenFormat.signed.coder().encode(TokenFormat.contents)
        let sealer = Sealer(keys: Self.keys, purpose: SealedTokenCoder.purpose, name: "session", random: .system)
        #expect(TokenFormat.sealed.coder().refusal(of: try sealer.seal(inner)) == .badPayload)
    }

    @Test func contentsOfAStoreAreNoToken() throws {
        let contents = ContentsCoder(keys: Self.keys, encrypts: true, random: .system)
        let id = try #require(SessionID(bytes: UInt8(0)..<16))
        let bytes = try contents.encode(["a": 1], id: id)
        #expect(TokenFormat.sealed.coder().refusal(of: Base64.encodeURLSafe(bytes)) == .unknownVersion)
        #expect(TokenFormat.sealed.coder().refusal(of: Base64.encodeURLSafe([1] + bytes.dropFirst())) == .unknownKey)
    }

    @Test func aPayloadThatIsNoneIsRefused() throws {
        let sealer = Sealer(keys: Self.keys, purpose: SealedTokenCoder.purpose, name: "session", random: .system)
        func refusal(_ bytes: [UInt8]) throws -> TokenError.Kind? {
            TokenFormat.sealed.coder().refusal(of: try sealer.seal(bytes))
        }
        let good = SealedPayload(
            createdAt: TokenFormat.now, sealedAt: TokenFormat.now, expiresAt: TokenFormat.now + 60,
            id: SessionID(using: .system), idMadeAt: TokenFormat.now * 1000, json: Array("{}".utf8))
        #expect(try refusal(good.bytes) == nil)
        for length in 0..<SealedPayload.headerLength {
            #expect(try refusal(Array(good.bytes.prefix(length))) == .badPayload)
        }
        for form in UInt8(1)...255 { #expect(try refusal([form] + good.bytes.dropFirst()) == .badPayload) }
        for json in ["", "[]", "null", "1", "{", "{}x", #"["a"]"#, #"{" t":[]}"#] {
            #expect(
                try refusal(good.bytes.prefix(SealedPayload.headerLength) + Array(json.utf8)) == .badPayload, "\(json)")
        }
        // Past the year 9999.
        for time in 0..<3 {
            var late = good.bytes
            for index in 0..<5 { late[1 + time * 5 + index] = 0xFF }
            #expect(try refusal(late) == .badPayload)
        }
        var late = good.bytes
        for index in 32..<38 { late[index] = 0xFF }
        #expect(try refusal(late) == .badPayload)
    }
}
