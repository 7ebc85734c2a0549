// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// An engine that is out of reach is an error, or an anonymous visitor, and never an empty session that is then saved.
@Suite struct FlaskSessionOutageTests {
    private let unavailable = SessionError(.storeUnavailable, "")

    @Test func anOutageFailsTheRequest() async throws {
        let site = try FlaskSessionSite()
        let visitor = try await site.signedIn()
        site.storage.mode = .unreachable
        await #expect(throws: self.unavailable) { try await visitor.open() }
        site.storage.mode = .working
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func anOutageBetweenOpenAndCommitFailsTheRequest() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let changes: [(Session) -> Void] = [
            { _ in }, { $0["n"] = 1 }, { $0.destroy() }, { $0.pop("user") }, { $0.renew() },
        ]
        for change in changes {
            let session = try await visitor.open()
            change(session)
            site.storage.mode = .readOnly
            await #expect(throws: self.unavailable) { try await visitor.commit(session) }
            site.storage.mode = .working
            #expect(try await visitor.look("user") == "alice")
        }
    }

    @Test func aRequestThatNeverAsksTheEngineDoesNotFail() async throws {
        let site = try FlaskSessionSite()
        site.storage.mode = .unreachable
        var visitor = site.visitor()
        #expect(try await visitor.visit { _ = $0["user"] }.setCookie == nil)
    }

    @Test func anAnonymousVisitorReadsNothingAndChangesNothing() async throws {
        let site = try FlaskSessionSite { $0.outagePolicy = .anonymous }
        let visitor = try await site.signedIn()
        site.storage.mode = .unreachable
        let reader = try await visitor.open()
        #expect(reader["user"] == nil)
        #expect(try await site.sessions.commit(reader).setCookie == nil)
        let writer = try await visitor.open()
        writer["user"] = "mallory"
        await #expect(throws: self.unavailable) { try await site.sessions.commit(writer) }
        site.storage.mode = .working
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func aFailedRefreshFailsNoAnonymousVisitor() async throws {
        let site = try FlaskSessionSite { $0.outagePolicy = .anonymous }
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        _ = session["user"]
        site.storage.mode = .readOnly
        #expect(try await visitor.commit(session).setCookie == nil)
    }
}
