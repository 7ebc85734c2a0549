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

    /// Flask signs and verifies with one HMAC; opening may cost two and a half times as much as two of them. Flask
    /// compresses contents where that makes them shorter.
    private static var flaskTokens: [Comparison] {
        get throws {
            let coder = FlaskTokenCoder(keys: SecretKeys(SecretKey(using: .system)), maximumAge: nil, clockSkew: 0)
            let contents: [(name: String, values: SessionDictionary, goal: Double?)] = [
                ("75 bytes", ["username": "admin"], nil),
                ("about 200 bytes", ["username": "admin", "_id": .string(Self.incompressible(108))], 2.5),
                ("about 200 bytes, compressed", Self.signedIn, 2.5),
                ("about 1000 bytes, compressed", ["text": .string(Self.incompressible(920))], nil),
            ]
            return try contents.map { name, values, goal in
                let token = try coder.encode(.dictionary(values), signedAt: 1_700_000_000)
                return Comparison(
                    Workload("Flask token", "opening \(name)") { rounds in
                        for _ in 0..<rounds { blackHole(try coder.decodeValue(token[...], now: 1_700_000_001)) }
                    }, floor: Floors.bareHMACs(bytes: token.count, count: 2), goal: goal)
            }
        }
    }

    /// What Flask-Login and Flask-WTF keep.
    private static var signedIn: SessionDictionary {
        let hexadecimal = "b0a5e8c1f27d4936a8f1c05e7b92d4638f0c1e5da79b24f6380d1ce5b7a94f26c3e80b1d"
        return [
            "_fresh": true, "_user_id": "1042", "_id": .string(hexadecimal), "csrf_token": .string(hexadecimal),
        ]
    }

    /// The same letters in each run, of which zlib saves a quarter in a long text, and nothing in a short one.
    private static func incompressible(_ count: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var state: UInt64 = 88_172_645_463_325_252
        return String(
            (0..<count).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return letters[Int(state % 64)]
            })
    }
}
