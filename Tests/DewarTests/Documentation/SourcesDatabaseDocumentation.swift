// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import SessionsSQLite

/// Sources: SessionsSQLite/SQLiteStore.swift
func databaseComment() throws -> SQLiteStore {
    let database = try DatabasePool(path: "app.sqlite")
    let store = try SQLiteStore(database)
    return store
}

/// Sources: SessionsSQLite/SQLiteStore.swift
func migratorComment() -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("sessions") { db in
        try SQLiteStore.createTable(in: db)
    }
    return migrator
}
