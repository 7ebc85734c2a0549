// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// The absolute limit of a session that lives in its cookie.
@Suite struct CookieSignInTests {
    enum Change: CaseIterable {
        case signIn, reauthenticate, renew

        func make(to session: Session) {
            switch self {
            case .signIn: session.signIn(as: "alice")
            case .reauthenticate: session.reauthenticate()
            case .renew: session.renew()
            }
        }
    }

    @Test(arguments: [Place.signedCookie, .sealedCookie], Change.allCases)
    func aSignInBeginsTheAbsoluteLimitAnewAndRenewingDoesNot(place: Place, change: Change) async throws {
        let user = change == .renew ? nil : "alice"
        let site = try UserSite(place) { $0.lifetime = SessionLifetime(idle: .seconds(900), absolute: .seconds(1000)) }
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(800))
        try await visitor.visit(change.make)
        site.clock.advance(by: .seconds(201))
        #expect(try await visitor.open().user == user)
        site.clock.advance(by: .seconds(699))
        #expect(try await visitor.open().user == user)
        site.clock.advance(by: .seconds(2))
        #expect(try await visitor.open().user == nil)
    }

    @Test(arguments: [Place.flaskCookie, .signedCookie, .flaskSession])
    func whereNothingKnowsAUsersSessionsTheErrorSaysWhatDoes(place: Place) async throws {
        let site = try UserSite(place)
        let session = try await site.signedIn().open()
        let error = await failure(SessionError.self) {
            _ = try await site.sessions.activeSessions(of: "alice", current: session)
        }
        #expect(error?.kind == .notSupported)
        #expect(error?.message.contains("keep sessions in a store") == true)
        await #expect(throws: SessionError(.notSupported, "")) { try await site.sessions.revokeAll(of: "alice") }
        await #expect(throws: SessionError(.notSupported, "")) { try await site.sessions.revokeOthers(than: session) }
    }
}
