// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
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

    /// Opening a cookie of 200 bytes checks one HMAC over nearly all of it, and no more than twice that is goal enough
    /// to keep every copy and every allocation in view.
    private static var flaskTokens: [Comparison] {
        get throws {
            let coder = FlaskTokenCoder(
                keys: SecretKeys(SecretKey(using: .system)), maximumAge: nil, clockSkew: 0)
            return try [60, 200, 1000, 3500].map { size in
                let contents: SessionValue = .dictionary(["username": .string(String(repeating: "ab3", count: size / 4))])
                let token = try coder.encode(contents, signedAt: 1_700_000_000)
                return Comparison(
                    Workload("Flask token", "opening \(token.count) bytes") { rounds in
                        for _ in 0..<rounds { blackHole(try coder.decodeValue(token[...], now: 1_700_000_001)) }
                    }, floor: Floors.bareHMACs(bytes: token.count, count: 2),
                    goal: 150...300 ~= token.count ? 2.5 : nil)
            }
        }
    }
}
