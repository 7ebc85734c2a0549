// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import GRDB

/// Keeps sessions in one table of an SQLite database: a file of its own, or the application's own database.
///
/// ```swift
/// let store = try SQLiteStore(path: "sessions.sqlite")
/// let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
/// ```
///
/// In the application's own database, a GRDB `DatabasePool` or `DatabaseQueue`:
///
/// ```swift
/// let database = try DatabasePool(path: "app.sqlite")
/// let store = try SQLiteStore(database)
/// ```
///
/// **Processes.** Any number of processes may share one file on a local disk (SQLite's locks do not work on most
/// network disks). Every write is done in a transaction, so compare-and-set happens under SQLite's write lock. A write
/// that finds the database locked waits, up to ``defaultBusyTimeout`` unless said otherwise, and then throws.
///
/// **Crashes.** Acknowledged writes survive the end of the process, `kill -9` included. A power cut never damages the
/// file. ``Synchronous`` decides whether the last writes may be lost in one.
///
/// **Cost.** Reading, writing, purging and listing use indexes and read no other rows. With more rows an index is
/// deeper, and less of it is in memory: docs/STORES.md has the cost of a million sessions.
///
/// **At rest.** Only the owner can read or write a new file and the files beside it. The store refuses a file into
/// which another user could put sessions: one that does not belong to the user who runs the program, one that others
/// may write, and a symbolic link that another user owns or that leads nowhere
/// (``SQLiteStoreError/Kind-swift.struct/unsafeFile``). An attacker with a copy of the file cannot open a session with
/// it, but can read the sessions' values, unless they are encrypted (`encryptsValues` of `SessionPlace.stored`).
///
/// **The table**, with the times in milliseconds since 1970, and text as its bytes in UTF-8:
///
/// ```sql
/// CREATE TABLE dewar_sessions (
///     slot INTEGER NOT NULL PRIMARY KEY, -- the first 64 bits of the id's SHA-256
///     id BLOB NOT NULL, secret_hash BLOB NOT NULL, previous_secret_hash BLOB, grace_end INTEGER,
///     version INTEGER NOT NULL, contents BLOB NOT NULL, created_at INTEGER NOT NULL, renewed_at INTEGER NOT NULL,
///     authenticated_at INTEGER, last_used_at INTEGER NOT NULL, idle_timeout INTEGER NOT NULL, absolute_end INTEGER,
///     expires_at INTEGER NOT NULL, user BLOB, device_label BLOB
/// ) STRICT;
/// CREATE INDEX dewar_sessions_expires_at ON dewar_sessions (expires_at);
/// CREATE INDEX dewar_sessions_user ON dewar_sessions (user) WHERE user IS NOT NULL;
/// ```
///
/// SQLite must be 3.37 or newer. On Linux it comes from the system: `apt install libsqlite3-dev` to build,
/// `libsqlite3-0` to run.
public struct SQLiteStore: Sendable {
    /// How long an operation waits for a locked database, unless said otherwise.
    public static let defaultBusyTimeout: Duration = .seconds(5)

    /// The name of the table, unless said otherwise.
    public static let defaultTable = "dewar_sessions"

    let access: DatabaseAccess
    let statements: SessionStatements

    /// A store in a file of its own, which is made if it is not there.
    ///
    /// The folder must exist. The database is in WAL mode, so reading never waits for writing. While it is in use there
    /// are two more files beside it, with `-wal` and `-shm` after its name. A copy of the database needs the `-wal`
    /// file too.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - table: What the table is called: ASCII letters, digits and underscores.
    ///   - synchronous: What may be lost in a power cut.
    ///   - busyTimeout: How long an operation waits for a locked database, up to an hour.
    public init(
        path: String, table: String = Self.defaultTable, synchronous: Synchronous = .normal,
        busyTimeout: Duration = Self.defaultBusyTimeout
    ) throws(SQLiteStoreError) {
        let schema = try SessionSchema(table: table)
        let retries = BusyRetries(timeout: busyTimeout)
        let file = DatabaseFile(path: path, synchronous: synchronous, retries: retries)
        try self.init(try file.open(), readers: Readers(file.openReader), schema: schema, retries: retries)
    }

    /// A store in a database that the application has opened and configures.
    ///
    /// The table is made at once if it is missing. Nothing else is written, and no other table is touched, GRDB's list
    /// of migrations included. Do not call this inside an access to that database.
    ///
    /// An application whose `DatabaseMigrator` has `eraseDatabaseOnSchemaChange` makes the table in a migration of its
    /// own: see ``createTable(_:in:)``.
    ///
    /// - Parameters:
    ///   - writer: A `DatabasePool` or a `DatabaseQueue`.
    ///   - table: What the table is called: ASCII letters, digits and underscores.
    ///   - busyTimeout: How long an operation is retried while the database is locked, up to an hour. The connection's
    ///     own waiting (`Configuration.busyMode`) is part of it.
    public init(
        _ writer: any DatabaseWriter, table: String = Self.defaultTable,
        busyTimeout: Duration = Self.defaultBusyTimeout
    ) throws(SQLiteStoreError) {
        try self.init(
            writer, readers: Readers { writer }, schema: try SessionSchema(table: table),
            retries: BusyRetries(timeout: busyTimeout))
    }

    /// A store whose file and table are there already. Nothing is made; the file of another program is not changed.
    package init(existing path: String, table: String = Self.defaultTable) throws(SQLiteStoreError) {
        let schema = try SessionSchema(table: table)
        let retries = BusyRetries(timeout: Self.defaultBusyTimeout)
        let file = DatabaseFile(path: path, synchronous: .normal, retries: retries)
        let isThere = try retries.runBlocking(path: path) {
            try file.openReader().unsafeRead { try schema.isComplete(in: $0) }
        }
        guard isThere else {
            throw SQLiteStoreError(.foreignTable, "The database has no table of sessions named \"\(table)\".")
        }
        try self.init(path: path, table: table)
    }

    private init(
        _ writer: any DatabaseWriter, readers: Readers, schema: SessionSchema, retries: BusyRetries
    ) throws(SQLiteStoreError) {
        self.access = DatabaseAccess(writer: writer, readers: readers, retries: retries)
        self.statements = SessionStatements(schema)
        try self.access.prepare(schema)
    }

    /// Makes the table and its indexes where they are missing, for applications that keep all of their schema in
    /// migrations.
    ///
    /// ```swift
    /// var migrator = DatabaseMigrator()
    /// migrator.registerMigration("sessions") { db in
    ///     try SQLiteStore.createTable(in: db)
    /// }
    /// ```
    ///
    /// Calling it twice is harmless.
    ///
    /// - Throws: ``SQLiteStoreError`` when a table of that name has other columns.
    public static func createTable(
        _ table: String = Self.defaultTable, in database: Database
    ) throws(SQLiteStoreError) {
        let schema = try SessionSchema(table: table)
        do {
            try schema.create(in: database)
        } catch {
            throw SQLiteStoreError(error)
        }
    }
}
