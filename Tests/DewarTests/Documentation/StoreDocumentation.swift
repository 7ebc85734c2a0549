// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions
import SessionsDirectory
import SessionsSQLite
import SessionsTesting
import Testing

/// README: sessions on the server.
func storeDocumentation(key: SecretKey) throws -> App {
    let store = try SQLiteStore(path: "sessions.sqlite")
    let app = App(secretKey: key, sessions: .stored(in: store))
    return app
}

/// README: docs/STORES.md, lifetimes.
func lifetimeDocumentation(_ store: DirectoryStore) -> SessionConfiguration {
    var sessions = SessionConfiguration(.stored(in: store, renewalInterval: .seconds(60 * 60)))
    sessions.lifetime = .aal3
    return sessions
}

/// README: docs/STORES.md, lifetimes.
func rememberDocumentation(_ session: Session) {
    session.isPermanent = true
    session.lifetime = SessionLifetime(idle: .seconds(14 * 86400), absolute: .seconds(90 * 86400))
}

/// README: docs/STORES.md, beginning and end.
func endDocumentation(_ session: Session, username: String) {
    session.renew()
    session["username"] = .string(username)
    session.destroy()
}

/// README: docs/STORES.md, over plain HTTP.
func plainDocumentation(_ store: DirectoryStore) -> SessionConfiguration {
    var sessions = SessionConfiguration.flask
    sessions.place = .stored(in: store)
    return sessions
}

/// README: docs/STORES.md, a store of your own.
@Test func myStoreConforms() async throws {
    try await SessionStoreSuite { MyStore() }.run()
}

private typealias MyStore = MemoryStore
