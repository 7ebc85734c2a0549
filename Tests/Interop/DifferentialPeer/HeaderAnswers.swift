// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// Cookies, dates and parameters of fields.
enum HeaderAnswers {
    static func cookies(_ test: DifferentialCase) throws -> String? {
        let pairs = CookieHeader(bytes: try test.bytes(0)).pairs
        return SessionValue.list(pairs.map { .tuple([.string($0.name), .string($0.value)]) }).canonicalText
    }

    /// Name, value, domain, expiry, age, path, SameSite, and the flags' letters.
    static func setCookie(_ test: DifferentialCase) throws -> String? {
        let flags = try test.text(7)
        let sameSite = test.optionalText(6).map(SameSite.init(caseInsensitive:))
        if case .some(.none) = sameSite { return nil }
        let cookie = SetCookie(
            name: try test.text(0), value: try test.text(1), domain: test.optionalText(2),
            expires: try test.optionalInteger(3), maxAge: try test.optionalInteger(4), isSecure: flags.contains("s"),
            isHTTPOnly: flags.contains("h"), path: test.optionalText(5), sameSite: sameSite ?? nil,
            isPartitioned: flags.contains("p"))
        return SessionValue.tuple([
            .string(cookie.headerValue), .bool((try? cookie.validate()) != nil),
        ]).canonicalText
    }

    static func parameters(_ test: DifferentialCase) throws -> String? {
        let parameters = HeaderParameters(try test.text(0))
        let names = parameters.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return SessionValue.tuple([
            .string(parameters.value),
            .list(names.map { .tuple([.string($0), .string(parameters[$0] ?? "")]) }),
        ]).canonicalText
    }

    /// What a text is read as, and what that is written as.
    static func date(_ test: DifferentialCase) throws -> String? {
        guard let seconds = HTTPDate.parse(try test.text(0)) else { return nil }
        let written = HTTPDate.format(seconds).map(SessionValue.string) ?? .null
        return SessionValue.tuple([.int(seconds), written]).canonicalText
    }
}
