// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsValues

/// Taking out the user, or the last entry, signs out with the force of `signOut()`: a renewal under way does not undo
/// it.
@Suite struct SignOutByRemovalTests {
    /// Where the sessions are kept, and where the requests find theirs.
    enum Place: CaseIterable, Sendable {
        case store, sealed, acceptedStore, takeover, takenOver
    }

    private static let endings = [
        Action("pop") { $0.pop("_user_id") },
        Action("set to nil") { $0["_user_id"] = SessionValue?.none },
        Action("popLast") { $0.popLast() },
        Action("removeAll") { $0.removeAll() },
        Action("removeAll and a language") {
            $0.removeAll()
            $0["language"] = "de"
        },
        Action("pop and a message") {
            $0.pop("_user_id")
            $0.flash("You were logged out")
        },
        Action("signOut") { $0.signOut() },
    ]

    /// A site, and a visitor whose session holds what is given.
    private func scene(_ place: Place, _ values: SessionDictionary) async throws -> (RevocationSite, SiteVisitor) {
        let clock = ManualClock()
        let list = SessionRevocations.memory
        let before = try RevocationSite(list, clock: clock)
        let site =
            switch place {
            case .sealed: before
            case .store: try RevocationSite(nil, clock: clock) { $0.store = MemoryStore() }
            case .acceptedStore: try RevocationSite(list, clock: clock) { $0.acceptedStore = MemoryStore() }
            case .takeover, .takenOver:
                try RevocationSite(list, clock: clock) {
                    $0.store = MemoryStore()
                    $0.acceptedFormats = [.sealed]
                }
            }
        var visitor = place == .takeover || place == .takenOver ? before.visitor() : site.visitor()
        try await visitor.visit { $0.merge(values) }
        visitor = site.visitor(cookie: visitor.cookie)
        if place == .takenOver { try await visitor.visit() }
        return (site, visitor)
    }

    @Test(arguments: Place.allCases, Self.endings)
    func aRenewalUnderWayDoesNotUndoIt(_ place: Place, _ ending: Action) async throws {
        let (site, visitor) = try await self.scene(place, ["_user_id": "ada"])
        var (late, renewing) = (visitor, visitor)
        let session = try await late.open()
        ending.run(session)
        for _ in 0..<2 { try await renewing.visit { $0.renew() } }
        #expect(try await site.user(of: renewing) == "ada")
        try await late.commit(session)
        for cookie in [visitor, renewing, late] { #expect(try await site.user(of: cookie) == nil) }
    }

    @Test(arguments: Place.allCases)
    func theTutorialsEntryCountsAsTheUsersOwn(_ place: Place) async throws {
        let (site, visitor) = try await self.scene(place, ["_permanent": true, "username": "ada"])
        var (late, renewing) = (visitor, visitor)
        let session = try await late.open()
        session.pop("username")
        try await renewing.visit { $0.renew() }
        try await late.commit(session)
        for cookie in [visitor, renewing, late] {
            #expect(try await site.visitor(cookie: cookie.cookie).look("username") == nil)
        }
    }

    @Test(arguments: Place.allCases)
    func theUserIsSignedOutThoughTheBasketStays(_ place: Place) async throws {
        let (site, visitor) = try await self.scene(place, ["_user_id": "ada", "basket": 3])
        var (late, renewing) = (visitor, visitor)
        let session = try await late.open()
        session.pop("_user_id")
        try await renewing.visit { $0.renew() }
        try await late.commit(session)
        for cookie in [visitor, renewing, late] { #expect(try await site.user(of: cookie) == nil) }
        // It goes on in another session, which whoever has the renewed cookie does not have.
        #expect(try await late.look("basket") == 3)
        #expect(try await renewing.look("basket") == nil)
    }

    @Test(arguments: Place.allCases)
    func aMessageForTheNextPageIsThere(_ place: Place) async throws {
        let (_, visitor) = try await self.scene(place, ["_user_id": "ada"])
        var (late, renewing) = (visitor, visitor)
        let session = try await late.open()
        session.pop("_user_id")
        session.flash("You were logged out")
        try await renewing.visit { $0.renew() }
        try await late.commit(session)
        #expect(try await late.open().flashedMessages() == [FlashMessage("You were logged out")])
    }

    /// A session may hold nothing but a message, and a page that shows it is no sign-out.
    @Test(arguments: Place.allCases)
    func takingTheLastMessageEndsNoSignIn(_ place: Place) async throws {
        let (site, visitor) = try await self.scene(place, ["_flashes": [.tuple(["message", "hello"])]])
        var (late, signingIn) = (visitor, visitor)
        let session = try await late.open()
        #expect(session.flashedMessages().count == 1)
        try await signingIn.visit { $0.signIn(as: "ada") }
        try await late.commit(session)
        #expect(try await site.user(of: signingIn) == "ada")
    }

    /// Of two requests of a form to sign in, sent by a double click, neither signs the other out.
    @Test(arguments: Place.allCases)
    func clearingBeforeASignInIsNoSignOut(_ place: Place) async throws {
        let (site, visitor) = try await self.scene(place, ["basket": 3])
        var (late, signingIn) = (visitor, visitor)
        let session = try await late.open()
        session.removeAll()
        session.signIn(as: "ada")
        try await signingIn.visit {
            $0.removeAll()
            $0.signIn(as: "ada")
        }
        try await late.commit(session)
        #expect(try await site.user(of: signingIn) == "ada")
    }

    /// Without a renewal the changes are merged, and only what was taken out is gone.
    @Test func whatAnotherRequestAddedStays() async throws {
        let (_, visitor) = try await self.scene(.store, ["username": "ada"])
        var (late, adding) = (visitor, visitor)
        let session = try await late.open()
        session.pop("username")
        try await adding.visit { $0["basket"] = 3 }
        try await late.commit(session)
        #expect(try await visitor.look("username") == nil)
        #expect(try await visitor.look("basket") == 3)
    }

    /// One cookie's session has moved twice, and the other one was renewed, which removed this one's record.
    @Test func aForkThatIsGoneStillSignsOut() async throws {
        let (site, visitor) = try await self.scene(.takeover, ["_user_id": "ada"])
        var (fork, renewing) = (visitor, visitor)
        try await fork.visit()
        try await renewing.visit()
        let session = try await fork.open()
        session.pop("_user_id")
        try await renewing.visit { $0.renew() }
        try await fork.commit(session)
        for cookie in [visitor, renewing, fork] { #expect(try await site.user(of: cookie) == nil) }
    }

    @Test(arguments: Place.allCases, [false, true])
    func aSignOutIsDoneThoughAValueAfterItCannotBeStored(_ place: Place, _ isRenewed: Bool) async throws {
        let (site, visitor) = try await self.scene(place, ["_user_id": "ada"])
        var (late, renewing) = (visitor, visitor)
        let session = try await late.open()
        session.pop("_user_id")
        session["note"] = Refusing()
        if isRenewed { try await renewing.visit { $0.renew() } }
        await #expect(throws: SessionError(.unstorableValue, "")) { try await late.commit(session) }
        for cookie in [visitor, renewing] { #expect(try await site.user(of: cookie) == nil) }
    }

    /// Requests in any order, of which some sign out: afterwards no cookie that was ever sent is signed in.
    @Test(arguments: Place.allCases, 0..<12)
    func requestsInAnyOrderLeaveNobodySignedIn(_ place: Place, _ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let (site, visitor) = try await self.scene(place, ["_user_id": "ada"])
        var cookies = [visitor]
        var open: [(SiteVisitor, Session)] = []
        let changes = [
            Action("renew") { $0.renew() }, Action("set") { $0["n"] = 1 },
            Action("reauthenticate") { $0.reauthenticate() },
        ]
        for round in 0..<6 {
            // The first to open signs out, at any time.
            let browser = round == 0 ? visitor : cookies.randomElement(using: &generator) ?? visitor
            let session = try await browser.open()
            let change = round == 0 ? Self.endings[0] : changes.randomElement(using: &generator) ?? changes[0]
            guard session.user == "ada" else { continue }
            change.run(session)
            open.append((browser, session))
            guard Bool.random(using: &generator), open.count > 1 else { continue }
            var (owner, finished) = open.remove(at: Int.random(in: 1..<open.count, using: &generator))
            try await owner.commit(finished)
            cookies.append(owner)
        }
        for (owner, session) in open.shuffled(using: &generator) {
            var owner = owner
            try await owner.commit(session)
            cookies.append(owner)
        }
        for cookie in cookies { #expect(try await site.user(of: cookie) == nil) }
    }
}
