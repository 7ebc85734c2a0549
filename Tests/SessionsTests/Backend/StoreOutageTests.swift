// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// A store that is out of reach is an error, or an anonymous visitor, and never an empty session that is then saved.
@Suite struct StoreOutageTests {
    private let unavailable = SessionError(.storeUnavailable, "")

    @Test func anOutageFailsTheRequestAndIsLogged() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        site.outages.mode = .unreachable
        await #expect(throws: self.unavailable) { try await visitor.open() }
        #expect(site.log.text.contains("the session store failed"))
        site.outages.mode = .working
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func aClientThatHangsUpIsNoOutage() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        site.outages.mode = .cancelled
        await #expect(throws: self.unavailable) { try await visitor.open() }
        #expect(site.log.text == "")
    }

    @Test func anOutageBetweenOpenAndCommitFailsTheRequest() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        for change in [{ $0["n"] = 1 }, { $0.destroy() }, { $0.pop("user") }, { $0.renew() }] as [(Session) -> Void] {
            let session = try await visitor.open()
            change(session)
            site.outages.mode = .readOnly
            await #expect(throws: self.unavailable) { try await visitor.commit(session) }
            site.outages.mode = .working
            #expect(try await visitor.open().entries == ["user": "alice"])
        }
        #expect(site.log.warnings == 4)
    }

    @Test func aRequestThatNeverAsksTheStoreDoesNotFail() async throws {
        let site = try StoreSite()
        site.outages.mode = .unreachable
        var visitor = site.visitor()
        try await visitor.visit { _ = $0["user"] }
        var junk = site.visitor(cookie: "__Host-session=junk")
        try await junk.visit { _ = $0["user"] }
        #expect(site.store.callCount == 0)
    }

    @Test func anAnonymousVisitorReadsNothingAndIsSentNoCookie() async throws {
        let site = try StoreSite { $0.outagePolicy = .anonymous }
        let visitor = try await site.signedIn()
        site.outages.mode = .unreachable
        let session = try await visitor.open()
        #expect(session.isEmpty)
        #expect(session["user"] == nil)
        let headers = try await site.sessions.commit(session)
        #expect(headers.setCookie == nil)
        #expect(headers.variesOnCookie)
    }

    @Test func anAnonymousVisitorsChangesAreRefusedAndTheSessionStays() async throws {
        let site = try StoreSite { $0.outagePolicy = .anonymous }
        let visitor = try await site.signedIn()
        let changes: [(Session) -> Void] = [
            { $0["user"] = "mallory" }, { $0.pop("user") }, { $0.removeAll() }, { $0.destroy() }, { $0.renew() },
            { $0.lifetime = .aal3 }, { $0.isPermanent = true }, { $0.flash("x") }, { $0.merge([:]) },
            { $0.update("n", default: 0) { $0 += 1 } },
        ]
        for change in changes {
            site.outages.mode = .unreachable
            let session = try await visitor.open()
            change(session)
            #expect(session.isEmpty)
            // The store is back before the request ends; it was not when the request read.
            site.outages.mode = .working
            await #expect(throws: self.unavailable) { try await site.sessions.commit(session) }
        }
        #expect(try await visitor.open().entries == ["user": "alice"])
    }
}
