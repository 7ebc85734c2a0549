// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// The end of a session that the request did not come with.
@Suite struct DestroyTests {
    private static let ends: [@Sendable (Session) -> Void] = [
        { $0.destroy() }, { $0.signOut() },
        {
            $0["n"] = 1
            $0.destroy()
        },
        {
            $0.destroy()
            $0["n"] = 1
            $0.pop("n")
        },
    ]

    @Test(arguments: [SessionConfiguration.standard, .signed, .flask, .stored(in: MemoryStore())])
    func whatNeverWasIsNotDeleted(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        for end in Self.ends {
            let headers = try await site.visit(nil, end)
            #expect(headers.setCookie == nil)
            #expect(headers.variesOnCookie)
            #expect(!headers.forbidsCaching)
        }
        // A session that begins afterwards is kept.
        let begun = try await site.visit(nil) {
            $0.destroy()
            $0["user"] = "ada"
        }
        #expect(try await site.contents(of: begun.pair) == ["user": "ada"])
    }

    @Test func norWithFlaskSession() async throws {
        let site = try FlaskSessionSite()
        var visitor = site.visitor()
        #expect(try await visitor.visit { $0.destroy() }.setCookie == nil)
    }

    /// One that is no good is of no use to the browser either.
    @Test(arguments: [SessionConfiguration.standard, .signed, .flask, .stored(in: MemoryStore())])
    func aCookieThatCameIsDeleted(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        for cookie in [try await site.cookie(), "\(configuration.cookie.name)=stale"] {
            let headers = try await site.visit(cookie) { $0.destroy() }
            #expect(headers.pair == "\(configuration.cookie.name)=")
            #expect(headers.attributes.contains("Max-Age=0"))
        }
    }
}
