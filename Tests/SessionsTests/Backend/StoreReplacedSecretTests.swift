// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Somebody holds a copy of a visitor's cookie, and a request that began before the visitor signed in and ends after.
@Suite struct StoreReplacedSecretTests {
    @Test func aRequestFromBeforeASignInChangesNothingInTheNewSession() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0["planted"] = true }
        var thief = visitor
        let slow = try await thief.open()
        try await visitor.visit { session in
            session["user"] = "alice"
            session.renew()
        }
        slow["user"] = "mallory"
        #expect(try await thief.commit(slow).setCookie == nil)
        #expect(try await visitor.look("user") == "alice")
        #expect(site.log.text.contains("changes made with a replaced secret were dropped"))
    }

    @Test func aRequestFromBeforeASignInIsGivenNoNewSecret() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0["planted"] = true }
        var thief = visitor
        let slow = try await thief.open()
        try await visitor.visit { session in
            session["user"] = "alice"
            session.renew()
        }
        slow.renew()
        #expect(try await thief.commit(slow).setCookie == nil)
        #expect(try await thief.open().isNew)
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func aRequestThatIsSlowerThanTheGraceOfAPeriodicRenewalIsKept() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(601))
        var uploading = visitor
        let slow = try await uploading.open()
        try await visitor.visit()
        site.clock.advance(by: .seconds(300))
        slow["uploaded"] = true
        try await uploading.commit(slow)
        #expect(try await visitor.look("uploaded") == true)
    }
}
