// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Flask's JSON and Flask's tokens.
enum SessionAnswers {
    private static let keys = SecretKeys("the key of the comparison", fallbacks: ["an older key of the comparison"])

    /// What a text is read as, and what that is written as.
    static func taggedJSON(_ test: DifferentialCase) throws -> String? {
        guard let value = try? TaggedJSON.decode(try test.bytes(0)) else { return nil }
        let written = (try? TaggedJSON.encode(value)).map { SessionValue.string(String(decoding: $0, as: UTF8.self)) }
        return SessionValue.tuple([value, written ?? .null]).canonicalText
    }

    /// The token, the current second, and the greatest age.
    static func token(_ test: DifferentialCase) throws -> String? {
        let coder = FlaskTokenCoder(keys: Self.keys, maximumAge: try test.optionalInteger(2), clockSkew: 0)
        let token = try test.bytes(0)
        guard let (value, signedAt) = try? coder.decodeValue(token[...], now: try test.integer(1)) else { return nil }
        return SessionValue.tuple([value, .int(signedAt)]).canonicalText
    }
}
