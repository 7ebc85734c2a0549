// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Logging out wins over requests on their way.
@Suite struct RevocationRaceTests {
    @Test func aLateResponseSetsNoCookie() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session["n"] = 1
        try await visitor.visit { $0.destroy() }
        #expect(try await late.commit(session).setCookie == nil)
        #expect(site.log.text.contains("changes to a session that has ended were dropped"))
    }

    @Test func aLateRefreshSetsNoCookieEither() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(1000))
        var late = visitor
        for looks in [true, false] {
            let session = try await late.open()
            if looks { _ = session["n"] }
            try await visitor.visit { $0.destroy() }
            #expect(try await late.commit(session).setCookie == nil)
        }
        #expect(!site.log.text.contains("dropped"))
    }

    @Test func aRequestFromBeforeARenewalSetsNoCookie() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session["n"] = 1
        try await visitor.visit { $0.renew() }
        #expect(try await late.commit(session).setCookie == nil)
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func aLogoutFromBeforeARenewalEndsWhatCameOfIt() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session.destroy()
        try await visitor.visit { $0.renew() }
        try await visitor.visit { $0.renew() }
        #expect(try await late.commit(session).setCookie != nil)
        #expect(try await site.user(of: visitor) == nil)
    }

    /// The session that ends all others has a cookie from before that, and goes on under another id.
    @Test func aLogoutFromBeforeAllOthersWereEndedEndsTheOneThatGoesOn() async throws {
        let site = try RevocationSite()
        for signOut in [{ $0.destroy() }, { $0.pop("_user_id") }] as [(Session) -> Void] {
            var visitor = try await site.signedIn()
            var late = visitor
            let session = try await late.open()
            signOut(session)
            let asking = try await visitor.open()
            try await site.sessions.revokeOthers(than: asking)
            try await visitor.commit(asking)
            #expect(try await site.user(of: visitor) == "ada")
            try await late.commit(session)
            #expect(try await site.user(of: visitor) == nil)
        }
    }

    /// All others are ended, and the session that asks for it is signed out before it goes on under another id.
    @Test func aLogoutWhileAllOthersAreEndedEndsTheOneThatAsks() async throws {
        let site = try RevocationSite()
        for signOut in [{ $0.destroy() }, { $0.pop("_user_id") }] as [(Session) -> Void] {
            var visitor = try await site.signedIn()
            var late = visitor
            let session = try await late.open()
            signOut(session)
            let asking = try await visitor.open()
            try await site.sessions.revokeOthers(than: asking)
            try await late.commit(session)
            try await visitor.commit(asking)
            #expect(try await site.user(of: visitor) == nil)
        }
    }

    /// A session that was renewed ended with all others of its user, and the browser has another by now.
    @Test func aSignOutByRemovalLongAfterAllWereEndedSetsNoCookie() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session.pop("_user_id")
        session["n"] = 1
        try await visitor.visit { $0.renew() }
        try await site.sessions.revokeAll(of: "ada")
        #expect(try await late.commit(session).setCookie == nil)
    }

    /// The browser may have another session by now.
    @Test func aSecondLogoutDeletesNoCookie() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session.destroy()
        try await visitor.visit { $0.destroy() }
        #expect(try await late.commit(session).setCookie == nil)
    }

    @Test(arguments: 0..<20)
    func writersAndOneLogoutLeaveNoSession(_ round: Int) async throws {
        let store = MemoryStore()
        let site = try RevocationSite(round.isMultiple(of: 2) ? .memory : RevocationSite.shared(store))
        let visitor = try await site.signedIn()
        var sessions: [Session] = []
        for _ in 0..<40 {
            // All are on their way when the first ends.
            sessions.append(try await visitor.open())
            #expect(sessions.last?.isEmpty == false)
        }
        let cookies = try await withThrowingTaskGroup(of: String?.self) { group in
            for (number, session) in sessions.enumerated() {
                group.addTask {
                    var own = visitor
                    switch number {
                    case 20: session.destroy()
                    case _ where number.isMultiple(of: 5): session.renew()
                    default: session["n\(number)"] = .int(number)
                    }
                    try await own.commit(session)
                    return own.cookie
                }
            }
            return try await group.reduce(into: Set<String>()) { if let cookie = $1 { $0.insert(cookie) } }
        }
        for cookie in cookies { #expect(try await site.visitor(cookie: cookie).look("_user_id") == nil) }
    }
}
