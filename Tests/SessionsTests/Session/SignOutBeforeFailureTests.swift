// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A request that ends sessions, and then sets what cannot be stored: the response is an error, and what it has ended has
/// ended.
@Suite struct SignOutBeforeFailureTests {
    private static let ends = [
        Action("signOut") { $0.signOut() }, Action("pop") { $0.pop("_user_id") },
        Action("removeAll") { $0.removeAll() },
    ]

    /// They fail when they are set, when they are encoded, and when they are measured.
    private static let refused = [
        Action("unencodable") { $0["bad"] = Refusing() },
        Action("date") { $0["bad"] = .date(Date(timeIntervalSince1970: 1e12)) },
        Action("size") { $0["bad"] = .string(RandomText.letters(3 << 20)) },
    ]

    @Test(arguments: Self.ends, Self.refused)
    func theCopyOfASealedCookieIsDead(_ end: Action, _ bad: Action) async throws {
        try await self.signsOut(try RevocationSite(), end, bad)
    }

    @Test(arguments: Self.ends, Self.refused)
    func theStoredSessionHasEnded(_ end: Action, _ bad: Action) async throws {
        try await self.signsOut(try RevocationSite(nil) { $0.store = MemoryStore() }, end, bad)
    }

    @Test(arguments: Self.ends, Self.refused)
    func theSessionThatMovesHasEnded(_ end: Action, _ bad: Action) async throws {
        let (clock, list) = (ManualClock(), SessionRevocations.memory)
        let before = try await RevocationSite(list, clock: clock).signedIn()
        let site = try RevocationSite(list, clock: clock) {
            $0.store = MemoryStore()
            $0.acceptedFormats = [.sealed]
        }
        try await self.signsOut(site, end, bad, site.visitor(cookie: before.cookie))
    }

    private func signsOut(
        _ site: RevocationSite, _ end: Action, _ bad: Action, _ before: SiteVisitor? = nil
    ) async throws {
        let visitor = if let before { before } else { try await site.signedIn() }
        let events = site.sessions.events
        let session = try await visitor.open()
        #expect(session["_user_id"] == "ada")
        end.run(session)
        bad.run(session)
        let error = await failure(SessionError.self) { _ = try await site.sessions.commit(session) }
        #expect(error?.kind != .storeUnavailable)
        #expect(try await site.user(of: visitor) == nil)
        #expect(events.takeAll().contains { $0.kind == .signedOut && $0.user == "ada" })
    }

    /// There the cookie is all that there is of the session: it is deleted with the error.
    @Test(arguments: [SessionConfiguration.flask, .signed], Self.ends)
    func aCookieWithoutAnIDIsDeletedWithTheError(_ configuration: SessionConfiguration, _ end: Action) async throws {
        let site = try TestSite(configuration)
        let session = try await site.manager.open([try await site.cookie { $0["_user_id"] = "ada" }])
        end.run(session)
        session["bad"] = Refusing()
        let error = await failure(SessionError.self) { _ = try await site.manager.commit(session) }
        #expect(error?.kind == .unstorableValue)
        #expect(site.manager.headersAfterFailure(of: session).setCookie?.contains("Max-Age=0") == true)
    }

    @Test func anErrorWithoutASignOutLeavesTheCookie() async throws {
        let site = try TestSite(.flask)
        let session = try await site.manager.open([try await site.cookie { $0["_user_id"] = "ada" }])
        session["bad"] = Refusing()
        await #expect(throws: SessionError.self) { _ = try await site.manager.commit(session) }
        #expect(site.manager.headersAfterFailure(of: session).setCookie == nil)
    }

    /// The list refuses every cookie of the user from before: this session goes on under an id from after it.
    @Test(arguments: Self.refused)
    func theSessionThatEndedAllOthersGoesOn(_ bad: Action) async throws {
        let site = try RevocationSite()
        let (visitor, other) = (try await site.signedIn(), try await site.signedIn())
        let session = try await visitor.open()
        _ = try await site.sessions.revokeOthers(than: session)
        session["n"] = 1
        bad.run(session)
        await #expect(throws: SessionError.self) { _ = try await site.sessions.commit(session) }
        let cookie = site.sessions.headersAfterFailure(of: session).pair
        #expect(try await site.user(of: site.visitor(cookie: cookie)) == "ada")
        #expect(try await site.visitor(cookie: cookie).look("n") == nil)
        #expect(try await site.user(of: other) == nil)
    }
}
