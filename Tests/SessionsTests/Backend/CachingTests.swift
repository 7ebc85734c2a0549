// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// `Vary: Cookie` when the session was looked at, `Cache-Control: no-store` when a cookie is set.
@Suite struct CachingTests {
    @Test(arguments: [
        Action("contains") { _ = $0.contains("x") },
        Action("isEmpty") { _ = $0.isEmpty },
        Action("count") { _ = $0.count },
        Action("keys") { _ = $0.keys },
        Action("isNew") { _ = $0.isNew },
        Action("subscript") { _ = $0["x"] },
        Action("default") { _ = $0["x", default: 0] },
        Action("iteration") { for _ in $0 {} },
        Action("pop of nothing") { $0.pop("x") },
        Action("flashed messages") { _ = $0.flashedMessages() },
    ])
    func lookingVaries(_ action: Action) async throws {
        for configuration in [SessionConfiguration.standard, .flask] {
            let site = try TestSite(configuration)
            for cookie in [nil, try await site.cookie(), "\(configuration.cookie.name)=bad"] {
                let headers = try await site.visit(cookie, action.run)
                #expect(headers.variesOnCookie)
                #expect(headers.setCookie == nil)
                #expect(!headers.forbidsCaching)
            }
        }
    }

    @Test func notLookingDoesNotVary() async throws {
        let site = try TestSite()
        #expect(try await !site.visit(try await site.cookie()).variesOnCookie)
    }

    @Test func aCookieForbidsCachingInTheStandard() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        #expect(try await site.visit { $0["a"] = 1 }.forbidsCaching)
        #expect(try await site.visit(cookie) { $0.removeAll() }.forbidsCaching)
        #expect(try await !TestSite(.flask).visit { $0["a"] = 1 }.forbidsCaching)
    }

    @Test func whatIsForTheUserAloneSaysSo() async throws {
        for configuration in [SessionConfiguration.standard, .flask] {
            let site = try TestSite(configuration)
            let cookie = try await site.cookie()
            #expect(try await site.visit(cookie) { _ = try? $0.requireSignedIn() }.isForUser)
            #expect(try await site.visit(cookie) { _ = try? $0.requireFresh(within: .seconds(1)) }.isForUser)
            #expect(
                try await site.visit {
                    $0.signIn(as: "ada")
                    _ = try? $0.requireSignedIn()
                }.isForUser)
            #expect(try await !site.visit(cookie) { _ = $0.user }.isForUser)
        }
    }

    @Test func aFailedCommitStillVaries() async throws {
        let site = try TestSite()
        let session = try await site.manager.open([])
        session["text"] = .string(RandomText.letters(9000))
        await #expect(throws: SessionError(.cookieTooLarge, "")) { try await site.manager.commit(session) }
        let headers = site.manager.headersAfterFailure(of: session)
        #expect(headers.variesOnCookie)
        #expect(headers.setCookie == nil)
    }

    @Test(
        arguments: [
            ([], "Cookie"), (["Accept"], "Accept, Cookie"), (["Accept, Origin"], "Accept, Origin, Cookie"),
            (["Accept", "Origin"], "Accept, Origin, Cookie"), (["cookie"], "cookie"),
            (["Accept, COOKIE"], "Accept, COOKIE"),
            (["Accept,Cookie , X"], "Accept,Cookie , X"), (["*"], "*, Cookie"), ([""], "Cookie"),
            (["Cookies"], "Cookies, Cookie"), (["Set-Cookie"], "Set-Cookie, Cookie"),
        ] as [([String], String)])
    func cookieIsAddedToVaryOnce(_ present: [String], _ expected: String) async throws {
        let headers = try await TestSite().visit { _ = $0.isEmpty }
        #expect(headers.vary(addedTo: present) == expected)
    }
}
