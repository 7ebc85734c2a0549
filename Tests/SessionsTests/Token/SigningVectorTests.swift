// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// `signing.json`: itsdangerous' signers.
@Suite struct SigningVectorTests {
    @Test func tokensAreMadeAsItsdangerousMakesThem() throws {
        for test in try Fixtures.cases("signing", "sign") {
            let token = try Self.sign(test)
            #expect(token == test.bytes("token"), "\(test.name)")
            #expect(test.has("token") || test.has("token_base64"), "\(test.name)")
        }
    }

    @Test func tokensAreJudgedAsItsdangerousJudgesThem() throws {
        for test in try Fixtures.cases("signing", "verify") {
            let token = test.bytes("token") ?? []
            if test.text("expect") == "accept" {
                try Self.expectAcceptance(test, token)
            } else {
                Self.expectRejection(test, token)
            }
        }
    }

    // MARK: - Signing

    private static func sign(_ test: FixtureCase) throws -> [UInt8] {
        let signer = Self.signer(test)
        switch test.text("kind") {
        case "signer": return signer.sign(test.bytes("payload") ?? [])
        case "timestamp_signer":
            return TimedSigner(signer).sign(test.bytes("payload") ?? [], at: test.number("time") ?? 0)
        default:
            let value = try #require(try test.value("value"), "\(test.name)")
            return try Self.coder(test).encode(value, signedAt: test.number("time") ?? 0)
        }
    }

    // MARK: - Verifying

    private static func expectAcceptance(_ test: FixtureCase, _ token: [UInt8]) throws {
        let now = test.number("now") ?? 0
        let maximumAge = test.number("max_age")
        switch test.text("kind") {
        case "signer":
            #expect(try Array(Self.signer(test).unsign(token[...])) == test.bytes("payload"), "\(test.name)")
        case "timestamp_signer":
            let result = try TimedSigner(Self.signer(test)).unsign(token[...], now: now, maximumAge: maximumAge)
            #expect(Array(result.value) == test.bytes("payload"), "\(test.name)")
            #expect(result.signedAt == test.number("signed_at"), "\(test.name)")
        default:
            let result = try Self.coder(test).decodeValue(token[...], now: now)
            #expect(try result.value == test.value("decoded"), "\(test.name)")
            #expect(result.signedAt == test.number("signed_at"), "\(test.name)")
            // Dewar's one departure: contents that are no session are a fresh session, not an error.
            let session = try? Self.coder(test).decode(token[...], now: now)
            #expect((session != nil) == (test.text("flask_effect") == "loaded"), "\(test.name)")
        }
    }

    private static func expectRejection(_ test: FixtureCase, _ token: [UInt8]) {
        let now = test.number("now") ?? 0
        let maximumAge = test.number("max_age")
        do throws(TokenError) {
            switch test.text("kind") {
            case "signer": _ = try Self.signer(test).unsign(token[...])
            case "timestamp_signer":
                _ = try TimedSigner(Self.signer(test)).unsign(token[...], now: now, maximumAge: maximumAge)
            default: _ = try Self.coder(test).decodeValue(token[...], now: now)
            }
            Issue.record("accepted: \(test.name)")
        } catch {
            // Where Python runs into an error outside the library's own kinds, any rejection is better.
            guard let reason = test.text("reason"), reason != "unhandled_error" else { return }
            #expect(error.kind.name == reason, "\(test.name)")
        }
    }

    // MARK: - Pieces

    private static func keys(_ test: FixtureCase) -> SecretKeys {
        let keys = (test.fields["secret_keys_base64"] as? [String] ?? [])
            .map { SecretKey(bytes: Data(base64Encoded: $0).map(Array.init) ?? []) }
        return SecretKeys(keys.last ?? "", fallbacks: keys.dropLast())
    }

    private static func signer(_ test: FixtureCase) -> Signer {
        Signer(keys: Self.keys(test), salt: test.text("salt") ?? "cookie-session")
    }

    private static func coder(_ test: FixtureCase) -> FlaskTokenCoder {
        FlaskTokenCoder(
            keys: Self.keys(test), salt: test.text("salt") ?? "cookie-session", maximumAge: test.number("max_age"),
            clockSkew: 0)
    }
}
