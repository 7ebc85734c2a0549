// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// A second proof before something sensitive.
@Suite struct StepUpTests {
    @Test(arguments: Place.allCases)
    func aSignInIsFreshForItsTimeAndNoSecondLonger(place: Place) async throws {
        let site = try UserSite(place)
        let session = try await site.signedIn().open()
        site.clock.advance(by: .seconds(599))
        #expect(try session.requireFresh(within: .seconds(600)) == "alice")
        site.clock.advance(by: .seconds(1))
        #expect(throws: SignInRequired(.notFresh)) { try session.requireFresh(within: .seconds(600)) }
        #expect(try session.requireSignedIn() == "alice")
        #expect(throws: SignInRequired(.notFresh)) { try session.requireFresh(within: .zero) }
    }

    @Test(arguments: Place.allCases)
    func reauthenticatingMakesItFreshAndTheCookieAnother(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        let before = visitor
        site.clock.advance(by: .seconds(601))
        try await visitor.visit { $0.reauthenticate() }
        #expect(try await visitor.open().requireFresh(within: .seconds(600)) == "alice")
        #expect(visitor.cookie != before.cookie)
        #expect(try await visitor.open().user == "alice")
        if place == .store || place == .flaskSession { #expect(try await before.open().user == nil) }
    }

    @Test(arguments: Place.allCases)
    func reauthenticatingNobodySignsNobodyIn(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = site.visitor()
        try await visitor.visit {
            $0["cart"] = ["apple"]
            $0.reauthenticate()
        }
        let session = try await visitor.open()
        #expect(session.user == nil && session["_authenticated_at"] == nil)
        #expect(session["cart"] == ["apple"])
    }

    @Test(arguments: [(59, true), (61, false)])
    func aTimeThatLiesAheadIsAnotherServersClockOrNobodys(seconds: Int, isFresh: Bool) async throws {
        let site = try UserSite(.store)
        let session = try await site.signedIn().open()
        site.clock.advance(by: .seconds(-seconds))
        #expect((try? session.requireFresh(within: .seconds(600))) == (isFresh ? "alice" : nil))
    }

    @Test(arguments: Place.allCases)
    func anotherUserByHandIsNotAsFreshAsTheOneBefore(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        try await visitor.visit { $0["_user_id"] = "bob" }
        let session = try await visitor.open()
        #expect(session.user == "bob" && session.authenticatedAt == nil)
        #expect(throws: SignInRequired(.notFresh)) { try session.requireFresh(within: .seconds(600)) }
    }

    /// A session that is shared with Flask-Session holds the mark of a permanent one too.
    @Test(arguments: Place.allCases.filter { $0 != .flaskSession })
    func takingTheUserOutEndsASessionThatHoldsNothingElse(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        try await visitor.visit { _ = $0.csrfToken }
        try await visitor.visit { $0.pop("_user_id") }
        #expect(visitor.cookie == nil)
    }
}
