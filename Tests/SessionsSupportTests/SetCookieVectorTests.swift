// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@Suite struct SetCookieVectorTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var cookie: SetCookie
        var line: String
    }

    static func cases() throws -> [Case] {
        let file = try #require(Fixtures.json("cookies") as? [String: Any])
        return try #require(file["write"] as? [[String: Any]]).compactMap { entry in
            guard let line = entry["set_cookie"] as? String, let value = entry["cookie_value"] as? String else {
                return nil
            }
            let config = entry["config"] as? [String: Any] ?? [:]
            let name = try #require(entry["name"] as? String)
            return Case(testDescription: name, cookie: try Self.cookie(value, config, line: line), line: line)
        }
    }

    /// A Flask app's cookie. The expiry is taken from the expected line: how it comes about is not tested here.
    private static func cookie(_ value: String, _ config: [String: Any], line: String) throws -> SetCookie {
        let path = config["SESSION_COOKIE_PATH"] as? String ?? ""
        let expires = line.components("; Expires=").last.flatMap { $0.components("; ").first }
        return SetCookie(
            name: config["SESSION_COOKIE_NAME"] as? String ?? "session", value: value,
            domain: config["SESSION_COOKIE_DOMAIN"] as? String, expires: expires.flatMap(HTTPDate.parse),
            isSecure: config["SESSION_COOKIE_SECURE"] as? Bool ?? false,
            isHTTPOnly: config["SESSION_COOKIE_HTTPONLY"] as? Bool ?? true,
            path: path.isEmpty ? config["APPLICATION_ROOT"] as? String ?? "/" : path,
            sameSite: (config["SESSION_COOKIE_SAMESITE"] as? String).flatMap(SameSite.init(caseInsensitive:)),
            isPartitioned: config["SESSION_COOKIE_PARTITIONED"] as? Bool ?? false)
    }

    @Test func thereAreCases() throws {
        #expect(try Self.cases().count > 40)
    }

    @Test(arguments: try cases())
    func linesAreThoseOfFlask(vector: Case) {
        #expect(vector.cookie.headerValue == vector.line)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        self.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
