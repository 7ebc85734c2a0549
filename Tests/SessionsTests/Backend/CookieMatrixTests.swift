// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// Every combination of name, Secure, HttpOnly, SameSite, Partitioned, Domain and Path: the start refuses what browsers
/// would, and what is taken is written as it was set.
@Suite struct CookieMatrixTests {
    @Test(arguments: Self.cookies)
    func theStartRefusesWhatBrowsersWould(_ cookie: SessionCookie) async throws {
        var configuration = SessionConfiguration()
        configuration.cookie = cookie
        guard Self.isTaken(cookie) else {
            #expect(throws: SessionError.self) {
                try SessionManager(keys: SecretKeys(TestSite.key), configuration: configuration)
            }
            return
        }
        let sessions = try SessionManager(keys: SecretKeys(TestSite.key), configuration: configuration)
        let session = try await sessions.open([])
        session["a"] = 1
        let line = try #require(try await sessions.commit(session).setCookie)
        let attributes = Set(line.split(separator: "; ").dropFirst().map(String.init))
        #expect(line.hasPrefix("\(cookie.name)="))
        #expect(attributes == Self.attributes(of: cookie))
    }

    private static func isTaken(_ cookie: SessionCookie) -> Bool {
        let isSecure = cookie.isSecure || cookie.isPartitioned
        if cookie.sameSite == .crossSite, !isSecure { return false }
        if cookie.name.hasPrefix("__"), !isSecure { return false }
        if cookie.name.contains("Http-"), !cookie.isHTTPOnly { return false }
        guard cookie.name.hasPrefix("__Host-") else { return true }
        return cookie.domain == nil && cookie.path == "/"
    }

    private static func attributes(of cookie: SessionCookie) -> Set<String> {
        var attributes: Set<String> = []
        if cookie.isSecure || cookie.isPartitioned { attributes.insert("Secure") }
        if cookie.isHTTPOnly { attributes.insert("HttpOnly") }
        if cookie.isPartitioned { attributes.insert("Partitioned") }
        if let sameSite = cookie.sameSite { attributes.insert("SameSite=\(sameSite.rawValue)") }
        if let domain = cookie.domain { attributes.insert("Domain=\(domain)") }
        if let path = cookie.path { attributes.insert("Path=\(path)") }
        return attributes
    }

    private static let cookies: [SessionCookie] = {
        var cookies: [SessionCookie] = []
        for name in ["session", "__Secure-session", "__Host-session", "__Http-session", "__Host-Http-session"] {
            for sameSite in [nil, SameSite.strict, .lax, .crossSite] {
                for flags in 0..<8 {
                    for (domain, path) in [(nil, "/"), ("example.com", "/"), (nil, "/app"), (nil, nil)]
                        as [(String?, String?)]
                    {
                        cookies.append(
                            SessionCookie(
                                name: name, domain: domain, path: path, isSecure: flags & 1 != 0,
                                isHTTPOnly: flags & 2 != 0, sameSite: sameSite, isPartitioned: flags & 4 != 0))
                    }
                }
            }
        }
        return cookies
    }()
}
