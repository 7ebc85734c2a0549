// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// What a visitor sends and what lies in the engine is not trusted, and ids are not shown.
@Suite struct FlaskSessionSafetyTests {
    private static let id = "l3pJVTgIVkIL4tg8TVqVNMhsut7h-BGS12uI6q32AZo"

    @Test func aClientsIDIsNotAdopted() async throws {
        let site = try FlaskSessionSite()
        var visitor = site.visitor(cookie: "session=" + Self.id)
        try await visitor.visit { $0["user"] = "alice" }
        #expect(visitor.cookie != "session=" + Self.id)
        #expect(site.storage["session:" + Self.id] == nil)
        #expect(site.storage.keys == [FlaskSessionSite.key(of: visitor)])
    }

    @Test(arguments: [
        "", "short", "celery-task-meta", "aaaaaaaaaaaaaaaaaaaaaaa*", "aaaaaaaaaaaaaaaaaaaaaaa:1",
        "aaaaaaaaaaaaaaaaaaaaaaa.1",
        "../../../../../../../etc/passwd", "aaaaaaaaaaaaaaaaaaaaaa%0a", "ааааааааааааааааааааааа",
        String(repeating: "a", count: 1025),
    ])
    func theEngineIsNotAskedForWhatIsNoID(_ id: String) async throws {
        let site = try FlaskSessionSite { $0.flaskSession?.keyPrefix = "" }
        site.storage[id] = Array(#"{"user":"root"}"#.utf8)
        let visitor = site.visitor(cookie: "session=" + id)
        #expect(try await visitor.look("user") == nil)
        #expect(site.storage.takeCommands().isEmpty)
    }

    /// `pickle.dumps({"_permanent": True, "username": "admin"}, protocol)` for every protocol, and two that would run a
    /// command.
    @Test(arguments: [
        "KGRwMApWX3Blcm1hbmVudApwMQpJMDEKc1Z1c2VybmFtZQpwMgpWYWRtaW4KcDMKcy4=",
        "fXEAKFgKAAAAX3Blcm1hbmVudHEBSTAxClgIAAAAdXNlcm5hbWVxAlgFAAAAYWRtaW5xA3Uu",
        "gAJ9cQAoWAoAAABfcGVybWFuZW50cQGIWAgAAAB1c2VybmFtZXECWAUAAABhZG1pbnEDdS4=",
        "gAN9cQAoWAoAAABfcGVybWFuZW50cQGIWAgAAAB1c2VybmFtZXECWAUAAABhZG1pbnEDdS4=",
        "gASVJgAAAAAAAAB9lCiMCl9wZXJtYW5lbnSUiIwIdXNlcm5hbWWUjAVhZG1pbpR1Lg==",
        "gAWVJgAAAAAAAAB9lCiMCl9wZXJtYW5lbnSUiIwIdXNlcm5hbWWUjAVhZG1pbpR1Lg==",
        "Y3Bvc2l4CnN5c3RlbQpwMAooVnRvdWNoIG93bmVkCnAxCnRwMgpScDMKLg==",
        "gASVJgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAt0b3VjaCBvd25lZJSFlFKULg==",
    ])
    func aPickleIsRefusedAndLeftAlone(_ base64: String) async throws {
        let site = try FlaskSessionSite()
        let record = Array(try #require(Data(base64Encoded: base64)))
        site.storage["session:" + Self.id] = record
        var visitor = site.visitor(cookie: "session=" + Self.id)
        let session = try await visitor.open()
        #expect(session.isNew)
        #expect(session.entries == ["_permanent": true])
        #expect(
            site.log.text.contains("session.reason: pickled") || site.log.text.contains("\"session.reason\": pickled"))
        session["user"] = "alice"
        try await visitor.commit(session)
        #expect(visitor.cookie != "session=" + Self.id)
        #expect(site.storage["session:" + Self.id] == record)
    }

    @Test(arguments: [
        [0xC1], [0x80, 0x00], [0x90], [0xC0], [0x81, 0xA1], Array("[]".utf8), Array("{".utf8), Array("null".utf8),
    ])
    func anUnreadableRecordGivesANewSession(_ record: [UInt8]) async throws {
        let site = try FlaskSessionSite()
        site.storage["session:" + Self.id] = record
        let session = try await site.visitor(cookie: "session=" + Self.id).open()
        #expect(session.isNew)
        #expect(site.log.text.contains("bad_payload"))
    }

    @Test func aSignedIDOpensAndATamperedOneDoesNot() async throws {
        let keys: SecretKeys = "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"
        let site = try FlaskSessionSite(keys: keys) { $0.flaskSession?.signsIDs = true }
        let visitor = try await site.signedIn()
        #expect(try await visitor.look("user") == "alice")
        _ = site.storage.takeCommands()
        let cookie = try #require(visitor.cookie)
        let plain = String(cookie.prefix { $0 != "." })
        for other in [plain, plain + ".AAAA", cookie.replacing("session=", with: "session=x"), cookie + "A"] {
            #expect(try await site.visitor(cookie: other).look("user") == nil)
        }
        #expect(site.storage.takeCommands().isEmpty)
    }

    @Test func oldKeysStillOpenASignedID() async throws {
        let old: SecretKey = "an old key of at least 32 bytes, to be sure"
        let site = try FlaskSessionSite(keys: SecretKeys(old)) { $0.flaskSession?.signsIDs = true }
        let visitor = try await site.signedIn()
        let sessions = try SessionManager(
            keys: SecretKeys("7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae", fallbacks: [old]),
            configuration: site.sessions.configuration, clock: site.clock.sessionClock)
        #expect(try await sessions.open([visitor.cookie ?? ""])["user"] == "alice")
    }

    @Test func idsAndValuesAreNeverLogged() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let id = try #require(visitor.cookie).dropFirst("session=".count)
        var late = visitor
        let session = try await late.open()
        session["n"] = "value of n"
        try await visitor.visit { $0.destroy() }
        try await late.commit(session)
        _ = try await late.open()
        site.storage.mode = .unreachable
        _ = try? await late.open()
        #expect(site.log.text.contains("were dropped"))
        #expect(site.log.text.contains("the session store failed"))
        for secret in [String(id), "alice", "value of n"] { #expect(!site.log.text.contains(secret)) }
        #expect(session.id == nil)
        var dumped = ""
        dump(session, to: &dumped)
        #expect(!dumped.contains(id))
    }

    @Test func aValueThatFlaskSessionCannotStoreFailsTheRequestAndLosesNothing() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let changes: [(Session) -> Void] = [
            { $0["x"] = .markup("<b>") },
            {
                $0["x"] = .markup("<b>"); $0.renew()
            },
        ]
        for change in changes {
            let session = try await visitor.open()
            change(session)
            let error = await failure(SessionError.self) { try await visitor.commit(session) }
            #expect(error?.kind == .unstorableValue && error?.message.contains(#""x""#) == true)
            #expect(try await visitor.look("user") == "alice")
        }
    }
}
