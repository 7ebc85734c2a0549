// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Whoever is signed in by a cookie that moves into a store has been signed in before.
@Suite struct TakeoverUserTests {
    private static func site(limit: SessionLimit? = nil) throws -> StoreSite {
        try StoreSite(keys: SecretKeys(TestSite.key)) { configuration in
            let store = configuration.store
            configuration = .flask
            configuration.store = store
            configuration.acceptedFormats = [.flask]
            configuration.sessionLimit = limit
        }
    }

    /// A browser that alice has signed in to, at the site with cookies only.
    private static func visitor(of site: StoreSite) async throws -> SiteVisitor {
        site.visitor(cookie: try await TestSite(.flask).cookie { $0.signIn(as: "alice") })
    }

    @Test(arguments: [SessionLimit.refusingNewest(1), .endingOldest(1)])
    func aMoveIsNoFurtherSignIn(_ limit: SessionLimit) async throws {
        let site = try Self.site(limit: limit)
        var first = site.visitor()
        try await first.visit { $0.signIn(as: "alice") }
        var moved = try await Self.visitor(of: site)
        try await moved.visit { $0["n"] = 1 }
        for visitor in [first, moved] { #expect(try await visitor.open().user == "alice") }
        #expect(try await site.sessions.activeSessions(of: "alice").count == 2)
    }

    @Test func anotherUserInAMovedSessionIsASignIn() async throws {
        let site = try Self.site(limit: .refusingNewest(1))
        var first = site.visitor()
        try await first.visit { $0.signIn(as: "bob") }
        var moved = try await Self.visitor(of: site)
        await #expect(throws: SessionError(.sessionLimitReached, "")) { try await moved.visit { $0.signIn(as: "bob") } }
        #expect(try await moved.open().user == "alice")
    }

    @Test func aMoveIsToldAsABeginningAndNotAsASignIn() async throws {
        let site = try Self.site()
        let events = site.sessions.events
        var visitor = try await Self.visitor(of: site)
        try await visitor.visit()
        #expect(events.takeLines() == ["created alice"])
    }

    @Test(arguments: [{ $0.signOut() }, { $0.removeAll() }] as [@Sendable (Session) -> Void])
    func whoSignsOutWithACookieFromBeforeIsTold(_ signOut: @Sendable (Session) -> Void) async throws {
        let site = try Self.site()
        let events = site.sessions.events
        var visitor = try await Self.visitor(of: site)
        try await visitor.visit { signOut($0) }
        #expect(events.takeLines() == ["signed_out alice", "ended alice"])
        #expect(visitor.cookie == nil)
        #expect(site.store.writeCount == 0)
    }

    @Test func whoProvesWhoTheyAreAsTheyMoveIsTold() async throws {
        let site = try Self.site()
        let events = site.sessions.events
        var visitor = try await Self.visitor(of: site)
        try await visitor.visit { $0.reauthenticate() }
        #expect(events.takeLines() == ["created alice", "reauthenticated alice"])
    }

    @Test func changesThatWereTakenBackStayBehind() async throws {
        let site = try Self.site()
        var visitor = try await Self.visitor(of: site)
        try await visitor.visit { session in
            session["draft"] = 1
            session.isModified = false
        }
        #expect(try await visitor.look("draft") == nil)
        #expect(try await visitor.open().user == "alice")
        #expect(site.store.writeCount == 1)
    }
}
