// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Lists of devices, and ending what is in them.
@Suite struct RevocationTests {
    @Test func theListIsThereForWhoeverShowsIt() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(600))
        try await visitor.visit { $0["n"] = 1 }
        let session = try await visitor.open()
        let device = try #require(try await site.sessions.activeSessions(of: "alice", current: session).first)
        #expect(device.id == session.id && device.isCurrent && device.deviceLabel == nil)
        #expect(device.lastUsedAt == site.clock.now)
        #expect(device.createdAt == device.authenticatedAt)
        #expect(device.expiresAt == site.clock.now.adding(.seconds(3600)))
        #expect(try await site.sessions.activeSessions(of: "alice").map(\.isCurrent) == [false])
        #expect(try await site.sessions.activeSessions(of: "nobody").isEmpty)
    }

    @Test func listingIsNoReasonForTheResponseToVary() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        _ = try await site.sessions.activeSessions(of: "alice", current: session)
        #expect(!session.isAccessed)
        #expect(try await visitor.commit(session).variesOnCookie == false)
    }

    @Test func aStoreOutOfReachIsAnErrorThatSaysSo() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let session = try await visitor.open()
        let id = try #require(session.id)
        site.outages.mode = .unreachable
        let unavailable = SessionError(.storeUnavailable, "")
        await #expect(throws: unavailable) { try await site.sessions.activeSessions(of: "alice") }
        await #expect(throws: unavailable) { try await site.sessions.revoke(id) }
        await #expect(throws: unavailable) { try await site.sessions.revokeAll(of: "alice") }
        await #expect(throws: unavailable) { try await site.sessions.revokeOthers(than: session) }
    }

    @Test func anonymousVisitorsHaveNoOthers() async throws {
        let site = try StoreSite()
        _ = try await site.signedIn()
        #expect(try await site.sessions.revokeOthers(than: site.visitor().open()) == 0)
    }

    @Test func whoIsSigningInMayEndTheOthersInTheSameRequest() async throws {
        let site = try StoreSite()
        var (old, new) = (site.visitor(), site.visitor())
        try await old.visit { $0.signIn(as: "alice") }
        let session = try await new.open()
        session.signIn(as: "alice")
        #expect(try await site.sessions.revokeOthers(than: session) == 1)
        try await new.commit(session)
        #expect(try await old.open().user == nil)
        #expect(try await new.open().user == "alice")
    }

    @Test func aCallInACancelledTaskEndsThemAll() async throws {
        let site = try StoreSite(CancellableStore())
        for _ in 0..<3 {
            var visitor = site.visitor()
            try await visitor.visit { $0.signIn(as: "alice") }
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await site.sessions.revokeAll(of: "alice")
        }
        #expect(try await task.value == 3)
    }

    @Test func aListThatComesInPartsIsEndedWhole() async throws {
        let store = LateIndexStore()
        let site = try StoreSite(store)
        store.longestList = 1
        for user in ["alice", "alice", "ålice"] {
            var visitor = site.visitor()
            try await visitor.visit { $0.signIn(as: user) }
        }
        #expect(try await site.sessions.revokeAll(of: "alice") == 2)
        #expect(store.count == 1)
    }

    @Test func aSessionThatIsWrittenAllTheTimeIsEndedAllTheSame() async throws {
        let store = LateIndexStore()
        let site = try StoreSite(store)
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let id = try #require(try await visitor.open().id)
        store.isBusy = true
        #expect(try await site.sessions.revoke(id, of: "alice"))
        #expect(store.count == 0)
    }

    @Test func usersAreToldApartByTheBytesOfTheirNames() async throws {
        let site = try StoreSite()
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: composed) }
        let session = try await visitor.open()
        let id = try #require(session.id)
        #expect(try await !site.sessions.revoke(id, of: decomposed))
        #expect(try await site.sessions.revokeAll(of: decomposed) == 0)
        let before = visitor
        session.signIn(as: decomposed)
        try await visitor.commit(session)
        #expect(try await before.open().isNew)
        #expect(try await site.sessions.activeSessions(of: decomposed).map(\.id) == [id])
        #expect(try await site.sessions.activeSessions(of: composed).isEmpty)
    }

    @Test func aSessionThatHasEndedItselfEndsNoOther() async throws {
        let site = try StoreSite()
        var (thief, owner) = (site.visitor(), site.visitor())
        try await thief.visit { $0.signIn(as: "alice") }
        let session = try await thief.open()
        try await site.sessions.revokeAll(of: "alice")
        try await owner.visit { $0.signIn(as: "alice") }
        #expect(try await site.sessions.revokeOthers(than: session) == 0)
        #expect(try await owner.open().user == "alice")
    }

    @Test func aCookieFromBeforeARenewalEndsNoOther() async throws {
        let site = try StoreSite()
        var (visitor, other) = (site.visitor(), site.visitor())
        try await visitor.visit { $0.signIn(as: "alice") }
        try await other.visit { $0.signIn(as: "alice") }
        let session = try await visitor.open()
        try await visitor.visit { $0.renew() }
        #expect(try await site.sessions.revokeOthers(than: session) == 0)
        #expect(try await other.open().user == "alice")
    }
}
