// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// The session's cookie among others, in one `Cookie` field or in several.
@Suite struct CookieFieldTests {
    @Test func theSessionIsFoundInAnyField() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        for fields in [
            [cookie], ["a=1; \(cookie)"], ["a=1", cookie], [cookie, "b=2"], ["", cookie], ["a=\"x;y\"; \(cookie); c"],
            ["x=1,2|3%4", " \(cookie) "],
        ] {
            #expect(try await site.manager.open(fields)["user"] == "ada", "\(fields)")
        }
    }

    @Test func theFirstOfTwoGoodCookiesOfOneNameCounts() async throws {
        let site = try TestSite()
        let (ada, eve) = (try await site.cookie(), try await site.cookie { $0["user"] = "eve" })
        #expect(try await site.manager.open([ada, eve])["user"] == "ada")
        #expect(try await site.manager.open(["\(eve); \(ada)"])["user"] == "eve")
        #expect(try await site.manager.open(["__Host-session=", ada])["user"] == "ada")
    }

    @Test func anotherNameIsAnotherCookie() async throws {
        let site = try TestSite()
        let token = try await site.cookie().dropFirst("__Host-session".count)
        for name in ["session", "__host-session", "__Host-session2", "x__Host-session"] {
            #expect(try await site.manager.open([name + token]).isNew)
        }
    }
}
