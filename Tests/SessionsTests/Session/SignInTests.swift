// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Signing in, wherever sessions are kept.
@Suite struct SignInTests {
    @Test(arguments: Place.allCases)
    func whoIsSignedInIsThereAtTheNextRequest(place: Place) async throws {
        let site = try UserSite(place)
        let session = try await site.signedIn().open()
        #expect(session.user == "alice")
        #expect(session.authenticatedAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(session["_user_id"] == "alice" && session["_authenticated_at"] == [1_700_000_000, "alice"])
        #expect(try session.requireSignedIn() == "alice")
        #expect(try session.requireFresh(within: .seconds(1)) == "alice")
    }

    @Test(arguments: Place.allCases)
    func whoSignsInIsThereInTheSameRequest(place: Place) async throws {
        let session = try await UserSite(place).visitor().open()
        session.signIn(as: "alice")
        #expect(session.user == "alice")
        #expect(session.authenticatedAt == Date(timeIntervalSince1970: 1_700_000_000))
    }

    @Test(arguments: Place.allCases)
    func whatWasInTheSessionStaysAndTheCookieIsAnother(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = site.visitor()
        try await visitor.visit { $0["cart"] = ["apple"] }
        let before = visitor
        try await visitor.visit { $0.signIn(as: "alice") }
        #expect(visitor.cookie != before.cookie)
        #expect(try await visitor.look("cart") == ["apple"])
        #expect(try await before.open().user == nil)
    }

    /// Whoever has a copy of the cookie is out.
    @Test(arguments: [Place.store, .flaskSession])
    func signingInAgainReplacesTheSecretToo(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.signIn(as: "alice") }
        #expect(try await copy.open().user == nil)
        #expect(try await visitor.open().user == "alice")
    }

    @Test(arguments: Place.allCases)
    func signingOutEndsTheSession(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        try await visitor.visit { $0.signOut() }
        #expect(visitor.cookie == nil)
        #expect(try await visitor.open().user == nil)
    }

    @Test(arguments: Place.allCases)
    func nobodyIsSignedInAtFirst(place: Place) async throws {
        let session = try await UserSite(place).visitor().open()
        #expect(session.user == nil && session.authenticatedAt == nil)
        #expect(throws: SignInRequired(.notSignedIn)) { try session.requireSignedIn() }
        #expect(throws: SignInRequired(.notSignedIn)) { try session.requireFresh(within: .seconds(60)) }
    }

    @Test(
        arguments: Place.allCases,
        ["", String(repeating: "a", count: 1025), String(repeating: "é", count: 513), "dewar.revocations"])
    func anUnusableNameSignsNobodyInAndFailsTheCommit(place: Place, name: String) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        session.signIn(as: name)
        session["n"] = 1
        let error = await failure(SessionError.self) { try await visitor.commit(session) }
        #expect(error?.kind == .unstorableValue)
        #expect(error?.message.contains("1024 bytes") == true)
        #expect(try await visitor.open().user == "alice")
        #expect(try await visitor.look("n") == nil)
    }

    @Test(arguments: Place.allCases)
    func theLongestNameSignsIn(place: Place) async throws {
        let name = String(repeating: "a", count: 1024)
        #expect(try await UserSite(place).signedIn(as: name).open().user == name)
    }

    @Test(arguments: Place.allCases)
    func aSecondSignInTakesThePlaceOfTheFirst(place: Place) async throws {
        let site = try UserSite(place)
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(60))
        try await visitor.visit { $0.signIn(as: "bob") }
        let session = try await visitor.open()
        #expect(session.user == "bob")
        #expect(session.authenticatedAt == Date(timeIntervalSince1970: 1_700_000_060))
    }

    @Test(
        arguments: [
            ("alice", "alice"), (7, "7"), (-7, "-7"), (.string(""), nil), (true, nil), (nil, nil), (["a"], nil),
            (.markup("alice"), nil), (.double(7), nil), (.string(String(repeating: "a", count: 1025)), nil),
        ] as [(SessionValue, String?)])
    func anEntryReadsAsAUser(entry: SessionValue, user: String?) async throws {
        let site = try UserSite(.flaskCookie)
        var visitor = site.visitor()
        try await visitor.visit { $0["_user_id"] = entry }
        #expect(try await visitor.open().user == user)
    }

    @Test(arguments: [-1, 253_402_300_800, Int.max])
    func aTimeThatCannotBeIsNone(seconds: Int) async throws {
        let site = try UserSite(.flaskCookie)
        var visitor = site.visitor()
        try await visitor.visit {
            $0["_user_id"] = "alice"
            $0["_authenticated_at"] = [.int(seconds), "alice"]
        }
        let session = try await visitor.open()
        #expect(session.user == "alice" && session.authenticatedAt == nil)
        #expect(throws: SignInRequired(.notFresh)) { try session.requireFresh(within: .seconds(60)) }
    }

    /// A Flask application changes the user and leaves the time.
    @Test func theTimeOfAnotherUserIsNone() async throws {
        let site = try UserSite(.flaskCookie)
        var visitor = site.visitor()
        try await visitor.visit {
            $0["_user_id"] = "bob"
            $0["_authenticated_at"] = [1_700_000_000, "alice"]
        }
        let session = try await visitor.open()
        #expect(session.user == "bob" && session.authenticatedAt == nil)
        #expect(throws: SignInRequired(.notFresh)) { try session.requireFresh(within: .seconds(60)) }
    }

    @Test func aSiteWithoutAKeySignsNobodyIn() async throws {
        let sessions = try SessionManager(keys: nil)
        let session = try await sessions.open([])
        session.signIn(as: "alice")
        #expect(session.user == nil)
        await #expect(throws: SessionError(.noSecretKey, "")) { try await sessions.commit(session) }
    }
}
