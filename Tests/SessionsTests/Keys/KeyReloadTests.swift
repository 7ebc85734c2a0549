// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// New keys without a restart, at once and by a file.
@Suite struct KeyReloadTests {
    private static let good: SecretKey = "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"

    @Test(arguments: KeySite.Kind.allCases)
    func aRequestInFlightFinishesUnderTheNewKey(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let process = try site.process(KeySite.before)
        var visitor = try await site.signedIn(process)
        let session = try await visitor.open()
        try process.reload(keys: KeySite.sign)
        session["late"] = 1
        try await visitor.commit(session)
        // It may have been the visitor's last before the old key is retired.
        try process.reload(keys: KeySite.retire)
        #expect(try await visitor.look("late") == 1)
        #expect(try await visitor.look("user") == "alice")
    }

    /// The same for one that only reads, so that no more than the use is noted.
    @Test(arguments: KeySite.Kind.allCases)
    func aUseInFlightIsSentAgainUnderTheNewKey(_ kind: KeySite.Kind) async throws {
        // Cookies of permanent sessions of Flask-Session go out with each response in any case.
        let site = KeySite(kind) { $0.flaskSession?.startsPermanent = false }
        let process = try site.process(KeySite.before)
        var visitor = try await site.signedIn(process)
        site.clock.advance(by: KeySite.idle / 10)
        let session = try await visitor.open()
        #expect(session["user"] == "alice")
        try process.reload(keys: KeySite.sign)
        try await visitor.commit(session)
        try process.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == "alice")
    }

    /// A cookie is read when a handler first looks, which may be after the keys have changed.
    @Test(arguments: KeySite.Kind.allCases)
    func aRequestInFlightIsStillReadUnderTheKeysThatItCameWith(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let process = try site.process(KeySite.before)
        let visitor = try await site.signedIn(process)
        let session = try await visitor.open()
        try process.reload(keys: KeySite.retire)
        #expect(session["user"] == "alice")
    }

    /// A handler may first look at its session when the keys have changed.
    @Test(arguments: KeySite.Kind.allCases)
    func aRequestReadsItsCookieUnderTheKeysOfItsArrival(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let process = try site.process(KeySite.before)
        let cookie = try #require(try await site.signedIn(process).cookie)
        let request = LazySession(process, logger: site.log.logger) { RequestFields(cookies: [cookie]) }
        try process.reload(keys: KeySite.retire)
        #expect(try await request.open()["user"] == "alice")
    }

    @Test func copiesOfAManagerChangeTogether() async throws {
        let site = KeySite(.sealed)
        let process = try site.process(KeySite.before)
        let copy = process
        try process.reload(keys: KeySite.retire)
        let visitor = try await site.signedIn(copy)
        #expect(try await site.visitor(try site.process(KeySite.retire), with: visitor.cookie).look("user") == "alice")
    }

    @Test func aGuessableKeyIsRefusedAndChangesNothing() async throws {
        let site = KeySite(.sealed)
        let process = try site.process(KeySite.before)
        let visitor = try await site.signedIn(process)
        for keys in [SecretKeys("dev"), SecretKeys(KeySite.new, fallbacks: ["dev"])] {
            #expect(throws: SessionError(.weakKey, "")) { try process.reload(keys: keys) }
        }
        #expect(throws: SessionError(.noSecretKey, "")) { try process.reload(keys: "") }
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func aManagerWithoutAKeyGetsNone() throws {
        let process = try SessionManager(keys: nil)
        #expect(throws: SessionError(.noSecretKey, "")) { try process.reload(keys: KeySite.before) }
    }

    @Test func plainIDsOfFlaskSessionStayPlain() async throws {
        let site = try FlaskSessionSite(keys: SecretKeys(Self.good))
        let visitor = try await site.signedIn()
        try site.sessions.reload(keys: KeySite.before)
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func requestsAndReloadsGoOnTogether() async throws {
        let site = KeySite(.stored)
        let process = try site.process(KeySite.before)
        try process.reload(keys: KeySite.accept)
        let cookie = try await site.signedIn(process).cookie
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        var visitor = site.visitor(process, with: cookie)
                        try await visitor.visit { session in
                            #expect(session["user"] == "alice")
                            session.update("n", default: 0) { $0 += 1 }
                        }
                    }
                }
            }
            group.addTask {
                for turn in 0..<200 { try process.reload(keys: turn % 2 == 0 ? KeySite.sign : KeySite.accept) }
            }
            try await group.waitForAll()
        }
        #expect(try await site.visitor(process, with: cookie).look("n") == 400)
    }
}
