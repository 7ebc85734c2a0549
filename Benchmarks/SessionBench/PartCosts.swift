// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsSupport
import SessionsValues

/// What the parts cost: tagged JSON, the `Cookie` field, and a Flask token.
enum PartCosts {
    static func all() throws -> [Comparison] {
        try self.taggedJSON + self.cookieHeaders + self.flaskTokens
    }

    private static var taggedJSON: [Comparison] {
        get throws {
            try SessionCosts.sizes.flatMap { size in
                let value = SessionValue.dictionary(Basket.contents(bytes: size))
                let text = try TaggedJSON.encode(value)
                let group = "tagged JSON, \(text.count) bytes"
                return [
                    Comparison(
                        Workload(group, "writing") { for _ in 0..<$0 { blackHole(try TaggedJSON.encode(value)) } }),
                    Comparison(
                        Workload(group, "reading") { for _ in 0..<$0 { blackHole(try TaggedJSON.decode(text)) } }),
                ]
            }
        }
    }

    /// The session's cookie stands last: the search goes past all others.
    private static var cookieHeaders: [Comparison] {
        [1, 10, 50].map { count in
            let others = (1..<max(count, 1)).map { "preference\($0)=value-\($0)-of-another-application" }
            let field = (others + ["session=" + String(repeating: "x", count: 200)]).joined(separator: "; ")
            return Comparison(
                Workload("Cookie field", count == 1 ? "1 cookie" : "\(count) cookies") { rounds in
                    for _ in 0..<rounds { blackHole(CookieHeader([field]).first("session")) }
                })
        }
    }

    /// Flask signs and verifies with one HMAC; opening may cost two and a half times as much as two of them.
    private static var flaskTokens: [Comparison] {
        get throws {
            let coder = FlaskTokenCoder(
                keys: SecretKeys(SecretKey(using: .system)), maximumAge: nil, clockSkew: 0)
            return try [0, 100, 700].map { size in
                // Random text is not compressed.
                let text = String(decoding: Base64.encodeURLSafe(SessionRandom.system.bytes(size)), as: UTF8.self)
                let contents: SessionValue = .dictionary(["username": .string("admin"), "text": .string(text)])
                let token = try coder.encode(contents, signedAt: 1_700_000_000)
                let isTarget = 150...300 ~= token.count
                return Comparison(
                    Workload("Flask token", "opening \(isTarget ? "about 200" : "\(token.count)") bytes") { rounds in
                        for _ in 0..<rounds { blackHole(try coder.decodeValue(token[...], now: 1_700_000_001)) }
                    }, floor: Floors.bareHMACs(bytes: token.count, count: 2), goal: isTarget ? 2.5 : nil)
            }
        }
    }
}
