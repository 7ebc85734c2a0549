// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A sign-out by removal that leaves something in the session, such as a message or the mark of a permanent session: no
/// copy of the cookie from before is signed in any more.
@Suite struct SignOutWithRestTests {
    private static let endings = [
        Action("pop") { $0.pop("username") },
        Action("pop and a message") {
            $0.pop("username")
            $0.flash("You were logged out")
        },
        Action("removeAll and a message") {
            $0.removeAll()
            $0.flash("You were logged out")
        },
        Action("removeAll and a language") {
            $0.removeAll()
            $0["language"] = "de"
        },
    ]

    private static func signIn(_ session: Session) {
        session.isPermanent = true
        session["username"] = "ada"
    }

    private func username(_ site: RevocationSite, _ visitor: SiteVisitor) async throws -> SessionValue? {
        try await site.visitor(cookie: visitor.cookie).look("username")
    }

    @Test(arguments: Self.endings)
    func aCopyOfASealedCookieIsDead(_ ending: Action) async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        try await visitor.visit(Self.signIn)
        let copy = visitor
        try await visitor.visit(ending.run)
        #expect(try await self.username(site, copy) == nil)
        #expect(site.log.text.contains("revoked"))
    }

    @Test func aRequestInFlightSignsNoVisitorInAgain() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        try await visitor.visit(Self.signIn)
        var late = visitor
        let session = try await late.open()
        session["n"] = 1
        try await visitor.visit { $0.pop("username") }
        #expect(try await late.commit(session).setCookie == nil)
        #expect(site.log.text.contains("dropped"))
    }

    /// What is left is there under the new id, and the session began when it began.
    @Test func whatIsLeftGoesOn() async throws {
        let site = try RevocationSite()
        let events = site.sessions.events
        var visitor = site.visitor()
        try await visitor.visit(Self.signIn)
        let id = try await visitor.open().id
        try await visitor.visit { $0.pop("username") }
        #expect(try await visitor.look("_permanent") == true)
        #expect(try await visitor.open().id != id)
        #expect(events.takeAll().map(\.kind) == [.created, .renewed])
    }

    /// On the way into a store: with the request that moves the session, and with one after it.
    @Test(arguments: Self.endings, [false, true])
    func aCopyOfTheCookieThatASessionMovedFromIsDead(_ ending: Action, hasMoved: Bool) async throws {
        let clock = ManualClock()
        let list = SessionRevocations.memory
        let before = try RevocationSite(list, clock: clock)
        var visitor = before.visitor()
        try await visitor.visit(Self.signIn)
        let copy = visitor
        let site = try RevocationSite(list, clock: clock) {
            $0.store = MemoryStore()
            $0.acceptedFormats = [.sealed]
        }
        visitor = site.visitor(cookie: visitor.cookie)
        if hasMoved { try await visitor.visit() }
        try await visitor.visit(ending.run)
        #expect(try await self.username(site, copy) == nil)
        #expect(try await self.username(site, visitor) == nil)
    }
}
