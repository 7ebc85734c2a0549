// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// An ending that has begun is finished, also when the client hangs up and its task is cancelled.
@Suite struct CancelledEndingTests {
    private let store = CancellableStore()
    private let clock = ManualClock()

    /// Runs a body in a task that is cancelled before it begins.
    private func cancelled(_ body: @escaping @Sendable () async throws -> Void) async {
        _ = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try? await body()
        }.value
    }

    private func expectNothingStored(of user: String = "ada") throws {
        #expect(try self.store.ids(ofUser: user, at: self.clock.now) == [])
    }

    @Test func aSignOutBeforeAValueThatCannotBeStored() async throws {
        let site = try RevocationSite(nil, clock: self.clock) { $0.store = self.store }
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        session.signOut()
        session["note"] = Refusing()
        await self.cancelled { _ = try await site.sessions.commit(session) }
        try self.expectNothingStored()
    }

    @Test func aSignOutBeforeAValueThatCannotBeStoredWithFlaskSession() async throws {
        let site = try FlaskSessionSite()
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        session.signOut()
        session["note"] = Refusing()
        await #expect(throws: SessionError(.unstorableValue, "")) { _ = try await site.sessions.commit(session) }
        #expect(try await visitor.look("user") == nil)
    }

    @Test func aRevocationOfASessionThatHasMoved() async throws {
        let (before, site) = try self.sites()
        let owner = try await before.signedIn()
        let id = try #require(try await owner.open().id)
        var visitor = site.visitor(cookie: owner.cookie)
        try await visitor.visit()
        #expect(try self.store.ids(ofUser: "ada", at: self.clock.now).count == 1)
        await self.cancelled { try await site.sessions.revoke(id) }
        try self.expectNothingStored()
        var other = site.visitor(cookie: try await before.signedIn().cookie)
        try await other.visit()
        let storedID = try #require(try await other.open().id)
        await self.cancelled { try await site.sessions.revoke(storedID) }
        try self.expectNothingStored()
    }

    @Test func whatElseCameOfACookieGoesWithIt() async throws {
        let (before, site) = try self.sites()
        let visitor = site.visitor(cookie: try await before.signedIn().cookie)
        var moved = visitor
        let session = try await visitor.open()
        session.signOut()
        try await moved.visit()
        #expect(try self.store.ids(ofUser: "ada", at: self.clock.now).count == 1)
        await self.cancelled { _ = try await site.sessions.commit(session) }
        try self.expectNothingStored()
    }

    /// A site with its sessions in cookies, and one that moves them into the store.
    private func sites() throws -> (before: RevocationSite, site: RevocationSite) {
        let before = try RevocationSite(clock: self.clock)
        let site = try RevocationSite(before.sessions.configuration.revocations, clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
        }
        return (before, site)
    }

    @Test func aRenewalRemovesWhatElseCameOfItsCookie() async throws {
        let before = try RevocationSite(clock: self.clock)
        let site = try RevocationSite(before.sessions.configuration.revocations, clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
        }
        let old = try await before.signedIn()
        var (fork, visitor) = (site.visitor(cookie: old.cookie), site.visitor(cookie: old.cookie))
        try await fork.visit()
        try await visitor.visit()
        #expect(try self.store.ids(ofUser: "ada", at: self.clock.now).count == 2)
        let session = try await visitor.open()
        session.renew()
        await self.cancelled { _ = try await site.sessions.commit(session) }
        #expect(try self.store.ids(ofUser: "ada", at: self.clock.now).count == 1)
    }
}
