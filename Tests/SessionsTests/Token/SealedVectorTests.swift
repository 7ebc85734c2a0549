// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Sessions
@testable import SessionsSupport
@testable import SessionsValues

/// `sealed/python.json` and `sealed/swift.json`: what an independent program in Python sealed, and what Dewar did.
@Suite struct SealedVectorTests {
    @Test(arguments: ["python", "swift"])
    func everyTokenOpens(_ file: String) throws {
        for test in try Fixtures.cases(file, "open", in: "sealed") {
            let opened = try Self.coder(test).decode(Self.token(test), now: test.number("now") ?? 0)
            let json = String(decoding: try TaggedJSON.encode(.dictionary(opened.values)), as: UTF8.self)
            #expect(json == test.text("json"), "\(test.name)")
            #expect(opened.createdAt == test.number("created"), "\(test.name)")
            #expect(opened.signedAt == test.number("sealed"), "\(test.name)")
            #expect(opened.id?.bytes == test.bytes("id"), "\(test.name)")
            #expect(opened.idMadeAt == test.number("id_made"), "\(test.name)")
        }
    }

    @Test func everyForgedOrEndedTokenIsRefusedForItsReason() throws {
        for test in try Fixtures.cases("python", "refuse", in: "sealed") {
            let reason = Self.coder(test).refusal(of: Array(Self.token(test)), now: test.number("now") ?? 0)
            #expect(reason?.name == test.text("reason"), "\(test.name)")
        }
    }

    /// The compressed bytes are zlib's own affair; all others are what they were.
    @Test(arguments: ["python", "swift"])
    func sealingAgainGivesTheSameToken(_ file: String) throws {
        var count = 0
        for test in try Fixtures.cases(file, "open", in: "sealed") where test.flag("is_compressed") == false {
            guard let salt = test.bytes("salt"), test.keys?.fallbacks.isEmpty == true else { continue }
            let opened = try Self.coder(test).decode(Self.token(test), now: test.number("now") ?? 0)
            let again = try Self.coder(test, random: SessionRandom { _ in salt }).encode(opened)
            #expect(again[...] == Self.token(test), "\(test.name)")
            count += 1
        }
        #expect(count >= 5)
    }

    private static func token(_ test: FixtureCase) -> ArraySlice<UInt8> { Array((test.text("token") ?? "").utf8)[...] }

    private static func coder(_ test: FixtureCase, random: SessionRandom = .system) -> SealedTokenCoder {
        SealedTokenCoder(
            keys: test.keys ?? "", cookieName: test.text("cookie_name") ?? "",
            lifetime: SessionLifetime(
                idle: .seconds(test.number("idle") ?? 0), absolute: test.number("absolute").map { .seconds($0) }),
            clockSkew: test.number("clock_skew") ?? 0, random: random)
    }
}
