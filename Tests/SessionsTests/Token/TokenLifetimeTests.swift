// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsSupport

/// The limits to the second, on both sides.
@Suite struct TokenLifetimeTests {
    private static let now = TokenFormat.now

    @Test(arguments: TokenFormat.allCases)
    func theLastIdleSecondIsGoodAndTheNextIsNot(_ format: TokenFormat) throws {
        let coder = format.coder(idle: 3600)
        let token = try coder.encode(TokenFormat.contents)
        #expect(coder.refusal(of: token, now: Self.now + 3599) == nil)
        #expect(coder.refusal(of: token, now: Self.now + 3600) == nil)
        #expect(coder.refusal(of: token, now: Self.now + 3601) == .expired)
    }

    @Test(arguments: TokenFormat.allCases)
    func aSignatureFromTheFutureIsGoodWithinTheClockSkew(_ format: TokenFormat) throws {
        for skew in [0, 60] {
            let coder = format.coder(clockSkew: skew)
            let token = try coder.encode(TokenFormat.contents)
            #expect(coder.refusal(of: token, now: Self.now - skew) == nil)
            #expect(coder.refusal(of: token, now: Self.now - skew - 1) == .notYetValid)
        }
    }

    @Test(arguments: TokenFormat.allCases)
    func theSignatureIsLookedAtBeforeTheTime(_ format: TokenFormat) throws {
        let token = try format.coder(keys: "another").encode(TokenFormat.contents)
        #expect(format.coder().refusal(of: token, now: Self.now + 10_000) == format.refusalOfAnotherKey)
    }

    @Test(arguments: [TokenFormat.signed, .sealed])
    func theAbsoluteEndHoldsThoughTheTokenIsRefreshed(_ format: TokenFormat) throws {
        let coder = format.coder(idle: 3600, absolute: 7200)
        var contents = TokenContents(values: ["a": 1], createdAt: nil, signedAt: Self.now)
        var token = try coder.encode(contents)
        for second in stride(from: Self.now + 1800, through: Self.now + 7200, by: 1800) {
            contents = try coder.decode(token[...], now: second)
            #expect(contents.createdAt == Self.now)
            contents.signedAt = second
            token = try coder.encode(contents)
        }
        #expect(coder.refusal(of: token, now: Self.now + 7200) == nil)
        #expect(coder.refusal(of: token, now: Self.now + 7201) == .expired)
    }

    @Test(arguments: [TokenFormat.signed, .sealed])
    func aBeginningAfterTheSignatureIsRefused(_ format: TokenFormat) throws {
        let coder = format.coder(absolute: 7200, clockSkew: 60)
        func token(created: Int) throws -> [UInt8] {
            try coder.encode(TokenContents(values: ["a": 1], createdAt: created, signedAt: Self.now))
        }
        // Another server's clock may have been ahead when the session began.
        #expect(coder.refusal(of: try token(created: Self.now + 60)) == nil)
        #expect(coder.refusal(of: try token(created: Self.now + 61)) == .badPayload)
    }

    @Test func aTimestampPastTheYear9999IsMalformed() {
        let signer = Signer(keys: "a secret", salt: "cookie-session")
        let payload = Array("e30".utf8)
        for (bytes, reason) in [
            ([0x3A, 0xFF, 0xF4, 0x41, 0x7F], TokenError.Kind.notYetValid),
            ([0x3A, 0xFF, 0xF4, 0x41, 0x80], .timestampMalformed),
            ([UInt8](repeating: 0xFF, count: 8), .timestampMalformed),
            ([UInt8](repeating: 0, count: 9), .timestampMalformed),
            ([], .expired),
        ] as [([UInt8], TokenError.Kind)] {
            let token = signer.sign(payload + [Signer.separator] + Base64.encodeURLSafe(bytes))
            #expect(TokenFormat.flask.coder().refusal(of: token) == reason)
        }
    }
}
