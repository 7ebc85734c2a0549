// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import SessionsMigration
import SessionsSQLite

/// README: docs/MIGRATING.md, from one store to another.
func migratingDocumentation(
    _ directory: DirectoryStore, _ database: SQLiteStore, key: SecretKey
) throws -> SessionManager {
    let store = MigratingStore(from: directory, to: database, phase: .fill)
    let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
    migrationProgressDocumentation(store)
    return sessions
}

/// README: docs/MIGRATING.md, progress.
func migrationProgressDocumentation(_ store: MigratingStore) {
    if store.progress.isComplete(afterIdleTime: .seconds(60 * 60), at: Date()) {
        print("every session has moved: \(store.progress)")
    }
}

/// README: docs/MIGRATING.md, from cookies to a store.
func takeoverDocumentation(_ store: SQLiteStore) -> SessionConfiguration {
    var sessions = SessionConfiguration.flask
    sessions.place = .stored(in: store, accepting: [.flask, .sealed], revocations: .shared(in: store))
    return sessions
}
