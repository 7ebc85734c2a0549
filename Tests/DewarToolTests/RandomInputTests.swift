// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import Testing

@testable import DewarTool

/// What comes from outside may be anything: no parser of the command crashes, and what it shows moves no cursor.
@Suite struct RandomInputTests {
    private static let pieces = [
        "session=", "__Host-", "Set-Cookie: ", "; Path=/", "Secure", ".", "..", "=", "eyJhIjoxfQ", "aSsBcg", "[::1]",
        ":80",
        "https://", "http://", "/", "?", "@", "\u{1B}[2J", "\u{202E}", "é", "\0", "\n", "W10", "-1",
        "999999999999999999999",
    ]

    private static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
            Bool.random(using: &random)
                ? Self.pieces.randomElement(using: &random) ?? ""
                : String(decoding: (0..<4).map { _ in UInt8.random(in: .min ... .max, using: &random) }, as: UTF8.self)
        }.joined()
    }

    @Test(arguments: 1...20) func nothingCrashes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let keys = SecretKeys("a key for random cookies, 40 letters long")
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for _ in 0..<1000 {
            let text = Self.text(&random)
            _ = (Age(argument: text), StoreLocation(text), SentCookie(text)?.looksLikeSession)
            if let url = AuditURL(text) {
                #expect(AuditURL(url.description) != nil)
                _ = url.following(Self.text(&random))
            }
            let name = Bool.random(using: &random) ? "session" : nil
            guard let input = try? CookieInput(text, wanted: name) else { continue }
            let reading = CookieReading(input.value, names: ["session"], keys: keys, lifetime: 60, now: now)
            #expect(!reading.isGood(at: now))
            let report = CookieReport(reading: reading, name: "session", size: input.value.utf8.count, now: now)
            #expect(
                (report.lines + [report.json.line]).allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\u{202E}") })
        }
    }

    /// A payload of any bytes, signed by nobody.
    @Test(arguments: 1...20) func noPayloadCrashes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for _ in 0..<1000 {
            let json =
                ["[1,{}]", "[9223372036854775807,{\"a\":1}]", "{\"\\u001b[2J\":[[]]}", "[]", "[1]", "7", "\"\u{1B}\""]
                .randomElement(using: &random) ?? ""
            let time = (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            let token = [Array(json.utf8), time, [1, 2]].map {
                String(decoding: Base64.encodeURLSafe($0), as: UTF8.self)
            }
            .joined(separator: ".")
            let reading = CookieReading(token, names: ["session"], keys: nil, lifetime: 60, now: now)
            let report = CookieReport(reading: reading, name: "session", size: 1, now: now)
            #expect((report.lines + [report.json.line]).allSatisfy { !$0.contains("\u{1B}") })
        }
    }
}
