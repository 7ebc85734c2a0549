// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// Settings that Flask-Session's records cannot keep prevent the start.
@Suite struct FlaskSessionConfigurationTests {
    @Test func theDefaultsNeedNoKey() throws {
        let site = try FlaskSessionSite()
        #expect(site.sessions.configuration.cookie == .flask)
        #expect(site.sessions.configuration.lifetime == .flask)
        #expect(site.log.text.isEmpty)
    }

    @Test func whatCannotBeKeptIsRefused() {
        let changes: [(String, (inout SessionConfiguration) -> Void)] = [
            ("lifetime.absolute", { $0.lifetime.absolute = .seconds(86400) }),
            ("lifetime.idle", { $0.lifetime.idle = .milliseconds(999) }),
            ("sizeLimit", { $0.flaskSession?.sizeLimit = 0 }),
            ("refresh", { $0.refresh = .afterTenthOfIdleTime }),
            ("idLength", { $0.flaskSession?.idLength = 15 }),
            ("idLength", { $0.flaskSession?.idLength = 257 }),
        ]
        for (name, change) in changes {
            let error = #expect(throws: SessionError.self) { try FlaskSessionSite(change) }
            #expect(error?.kind == .invalidConfiguration)
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test func settingNilChangesNoOtherPlace() {
        for place in [SessionPlace.stored(in: MemoryStore()), .cookies(.sealed)] {
            var configuration = SessionConfiguration(place)
            configuration.flaskSession = nil
            configuration.flaskSession?.keyPrefix = "shop:"
            #expect((configuration.place.stored != nil) == (place.stored != nil))
            #expect(configuration.place.cookies?.format == place.cookies?.format)
        }
        var shared = SessionConfiguration.flaskSession(in: SharedFlaskStorage(clock: .system))
        shared.flaskSession = nil
        #expect(shared.place.cookies?.format == .flask)
    }

    @Test func signedIDsWithoutAKeyGiveNoSession() async throws {
        let site = try FlaskSessionSite { $0.flaskSession?.signsIDs = true }
        let session = try await site.sessions.open([])
        session["user"] = "alice"
        await #expect(throws: SessionError(.noSecretKey, "")) { try await site.sessions.commit(session) }
    }

    @Test func aGuessableKeyIsWarnedOfWhereItSigns() throws {
        #expect(try FlaskSessionSite(keys: "dev").log.warnings == 0)
        #expect(try FlaskSessionSite(keys: "dev") { $0.flaskSession?.signsIDs = true }.log.warnings == 1)
    }
}
