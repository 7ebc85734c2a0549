// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A sealed cookie dies with its session, and so does every copy of it.
@Suite struct SealedRevocationTests {
    @Test(
        arguments: [
            { $0.destroy() }, { $0.removeAll() }, { $0.pop("_user_id") }, { $0.popLast() },
        ] as [@Sendable (Session) -> Void])
    func aCopiedCookieIsDeadAfterSigningOut(_ signOut: @Sendable (Session) -> Void) async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        let headers = try await visitor.visit { signOut($0) }
        #expect(headers.setCookie?.contains("Max-Age=0") == true)
        #expect(try await site.user(of: copy) == nil)
        #expect(site.log.text.contains("revoked"))
    }

    @Test func aCopiedCookieIsDeadUntilItExpires() async throws {
        let site = try RevocationSite()
        let copy = try await site.signedIn()
        try await copy.signedOut()
        site.clock.advance(by: .seconds(3600))
        // The list forgets when something is put on it.
        try await site.signedIn(as: "bob").signedOut()
        #expect(try await site.user(of: copy) == nil)
        #expect(site.log.text.contains("revoked") && !site.log.text.contains("expired"))
    }

    @Test func withoutAListACopiedCookieLivesOn() async throws {
        let site = try RevocationSite(.off)
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.destroy() }
        #expect(try await site.user(of: copy) == "ada")
    }

    /// ASVS 7.4.1, 7.2.4 and 7.4.2, with nothing set.
    @Test func sealedCookiesHaveAListUnlessToldOtherwise() async throws {
        let endings: [@Sendable (Session) -> Void] = [
            { $0.signOut() }, { $0.reauthenticate() }, { $0.signIn(as: "bob") }, { $0.renew() },
        ]
        for end in endings {
            let site = try RevocationSite(nil)
            var visitor = try await site.signedIn()
            let copy = visitor
            try await visitor.visit(end)
            #expect(try await site.user(of: copy) == nil)
        }
        let site = try RevocationSite(nil)
        let visitor = try await site.signedIn()
        _ = try await site.sessions.revokeAll(of: "ada")
        #expect(try await site.user(of: visitor) == nil)
        #expect(site.sessions.configuration.revocations?.list?.isShared == false)
    }

    @Test func cookiesWithoutAnIDAndStoresHaveNone() throws {
        for configuration in [SessionConfiguration.flask, .signed, .stored(in: MemoryStore())] {
            let manager = try SessionManager(keys: StoreSite.keys, configuration: configuration)
            #expect(manager.configuration.revocations == nil)
        }
    }

    @Test func aSessionKeepsItsIDUntilItIsRenewed() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let id = try await visitor.open().id
        #expect(id != nil)
        site.clock.advance(by: .seconds(1000))
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await visitor.open().id == id)
        try await visitor.visit { $0.renew() }
        let renewed = try await visitor.open().id
        #expect(renewed != nil && renewed != id)
        #expect(try await visitor.look("n") == 1)
    }

    @Test func signingInAgainLeavesADeadCookieToo() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.signIn(as: "ada") }
        #expect(try await site.user(of: copy) == nil)
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func anotherUserGetsAnotherIDAndTheCookieBeforeIsDead() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        try await visitor.visit { $0["cart"] = 1 }
        let planted = visitor
        try await visitor.visit { $0["_user_id"] = 7 }
        #expect(try await planted.open().id == nil)
        #expect(try await planted.look("cart") == nil)
        let asSeven = visitor
        try await visitor.visit { $0["_user_id"] = "7" }
        #expect(try await visitor.open().id == asSeven.open().id, "7 and \"7\" are one user")
        try await visitor.visit { $0["_user_id"] = "e\u{301}" }
        let id = try await visitor.open().id
        try await visitor.visit { $0["_user_id"] = "é" }
        #expect(try await visitor.open().id != id)
    }

    @Test func whatIsSetAfterDestroyBeginsAnotherSession() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit {
            $0.destroy()
            $0["message"] = "Bye."
        }
        #expect(try await visitor.look("message") == "Bye.")
        #expect(try await site.user(of: copy) == nil)
        // It is no successor: what is done about the old one does not touch it.
        try await copy.signedOut()
        #expect(try await visitor.look("message") == "Bye.")
    }

    @Test func anIDCanBeRevokedFromOutside() async throws {
        let site = try RevocationSite()
        let visitor = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        #expect(try await site.sessions.revoke(id))
        #expect(try await !site.sessions.revoke(id))
        #expect(try await site.user(of: visitor) == nil)
    }

    /// The cookies are not known, so that no id can be said to have none. `docs/REVOCATION.md` says so.
    @Test func anIDThatNeverWasIsRevokedToo() async throws {
        let site = try RevocationSite()
        let visitor = try await site.signedIn()
        let id = SessionID(using: .system)
        #expect(try await site.sessions.revoke(id))
        #expect(try await !site.sessions.revoke(id))
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func revokingWithoutAListSaysWhatIsMissing() async throws {
        let site = try RevocationSite(.off)
        let id = SessionID(using: .system)
        await #expect(throws: SessionError(.notSupported, "")) {
            try await site.sessions.revoke(id)
        }
    }

    @Test func aSessionTooLargeForACookieEndsNothing() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let text = String((0..<5000).map { _ in "Zq8wN3xV6bR1mK9tL4pJ7sH2dF5gC0yA".randomElement() ?? "a" })
        await #expect(throws: SessionError(.cookieTooLarge, "")) {
            try await visitor.visit {
                $0["text"] = .string(text)
                $0.renew()
            }
        }
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func formatsWithoutAnIDCannotHaveAList() throws {
        for format in [SessionFormat.flask, .signed] {
            #expect(throws: SessionError(.invalidConfiguration, "")) {
                try RevocationSite { $0.format = format }
            }
        }
        #expect(throws: SessionError(.invalidConfiguration, "")) { try RevocationSite { $0.store = MemoryStore() } }
        #expect(throws: SessionError(.invalidConfiguration, "")) {
            try RevocationSite(.shared(in: MemoryStore(), staleness: .zero))
        }
        _ = try RevocationSite(.off) { $0.format = .flask }
    }

    @Test func anOldFormatGetsAnIDWhenItIsSentAgain() async throws {
        let flask = try RevocationSite(nil) {
            $0.format = .flask
            $0.acceptedFormats = []
        }
        var visitor = try await flask.signedIn()
        let site = try RevocationSite(clock: flask.clock) { $0.acceptedFormats = [.flask] }
        let old = site.visitor(cookie: visitor.cookie)
        visitor = old
        #expect(try await visitor.open().id == nil)
        try await visitor.visit()
        #expect(try await visitor.open().id != nil)
        #expect(try await site.user(of: visitor) == "ada")
        // An old cookie has no id; ending all sessions of its user reaches it all the same.
        #expect(try await site.user(of: old) == "ada")
        try await site.sessions.revokeAll(of: "ada")
        #expect(try await site.user(of: old) == nil)
        #expect(try await site.user(of: visitor) == nil)
    }
}

extension SiteVisitor {
    /// A request that signs out with whatever cookie there is.
    func signedOut() async throws {
        var visitor = self
        try await visitor.visit { $0.destroy() }
    }
}
