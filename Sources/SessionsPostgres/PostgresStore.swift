// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Keeps sessions in one table of a PostgreSQL database, which any number of machines may share.
///
/// ```swift
/// let store = try PostgresStore("postgres://app:secret@db.example.com/app?sslmode=verify-full")
/// let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
/// ```
///
/// **Connections.** The store opens them when they are needed, up to ``defaultMaximumConnections`` unless said
/// otherwise, and replaces those that have broken. A call that finds all of them in use waits for one, and throws when
/// that takes too long. If the server allows fewer than the store wants (`CONNECTION LIMIT`, `max_connections`), the
/// store works with those that it gets. Each connection keeps prepared statements and a `statement_timeout`, so a
/// pooler in between must keep them too: PgBouncer's session mode. For its transaction mode set `isTransactionPooled`.
///
/// **Cost.** Reading, writing and removing are one round trip each. Nothing grows with the number of live sessions.
///
/// **Faults.** An operation that failed because of a concurrent transaction is retried. So is one whose connection
/// broke. A write leaves a random number in the row, by which it recognises itself, so it happens once or not at all.
/// After a lost connection a new record is only looked for, and not written again: another process could have removed
/// it already. When the store cannot tell any more whether a write happened, the error says so. A server that cannot be
/// reached is an error. The first calls get it after a failed try to connect; later calls get it at once, until a
/// connection succeeds. It tries again half a second after a failure. Acknowledged writes are as safe as the server's
/// `synchronous_commit` and `fsync` make them.
///
/// **At rest.** An attacker with a copy of the table cannot open a session with it, but can read the sessions' values,
/// unless they are encrypted (`encryptsValues` of `SessionPlace.stored`).
///
/// **The table** is made when it is first needed; of many processes that start at once, one makes it. To make it in
/// your own migrations, or with partitions, see ``tableDefinition(table:schema:partitions:)``. Times are milliseconds
/// since 1970, and text is its bytes in UTF-8.
///
/// PostgreSQL must be 12 or newer; libpq 12 or newer: `apt install libpq-dev` to build, `libpq5` to run.
public struct PostgresStore: Sendable, CustomStringConvertible {
    /// How many connections a store opens at most, unless said otherwise.
    public static let defaultMaximumConnections = 8

    /// How long a call may wait for a connection, and then how long it may take, unless said otherwise.
    public static let defaultTimeout: Duration = .seconds(5)

    /// The name of the table, unless said otherwise.
    public static let defaultTable = "dewar_sessions"

    let access: DatabaseAccess
    let statements: SessionStatements

    /// A store in a database. It does not connect yet: see ``prepare()``.
    ///
    /// - Parameters:
    ///   - connection: libpq's connection string, a URL or `host=… user=…`:
    ///     <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>. Parts that it leaves out come
    ///     from the environment (`PGHOST`, `PGUSER`, `PGPASSWORD`, …), the password file and the service file. It may
    ///     name several hosts, with `target_session_attrs=read-write`. TLS is set with `sslmode` and related options;
    ///     libpq's default checks no certificate.
    ///   - table: The name of the table: ASCII letters, digits and underscores.
    ///   - schema: The schema of the table, which is made if it is not there; nil to use the `search_path`.
    ///   - maximumConnections: How many connections are opened at most, at least one.
    ///   - timeout: How long a call may wait for a free connection, and then how long it may take; from a millisecond
    ///     to an hour. Opening a connection may take as long again for every host, in whole seconds and at least two,
    ///     unless `connect_timeout` says something else.
    ///   - isTransactionPooled: Whether a pooler in between lends a server's connection for one transaction, as
    ///     PgBouncer does with `pool_mode = transaction`. Then a connection keeps nothing, and statements are planned
    ///     each time. The store gives up a statement that is not answered in `timeout`, but the server continues it,
    ///     unless the role has a limit (`ALTER ROLE app SET statement_timeout = '5s'`).
    public init(
        _ connection: String = "", table: String = Self.defaultTable, schema: String? = nil,
        maximumConnections: Int = Self.defaultMaximumConnections, timeout: Duration = Self.defaultTimeout,
        isTransactionPooled: Bool = false
    ) throws(PostgresStoreError) {
        let schema = try SessionSchema(table: table, schema: schema)
        self.access = DatabaseAccess(
            try ConnectionSettings(connection, timeout: timeout), schema: schema,
            maximumConnections: maximumConnections, timeout: timeout, keepsState: !isTransactionPooled)
        self.statements = SessionStatements(schema)
    }

    /// A store whose table is there already: where it is missing, an operation throws, and nothing is made.
    package init(existing connection: String, table: String = Self.defaultTable) throws(PostgresStoreError) {
        let schema = try SessionSchema(table: table, schema: nil)
        self.access = DatabaseAccess(
            try ConnectionSettings(connection, timeout: Self.defaultTimeout), schema: schema,
            maximumConnections: Self.defaultMaximumConnections, timeout: Self.defaultTimeout, keepsState: true,
            makesTable: false)
        self.statements = SessionStatements(schema)
    }

    /// Connects, and makes the table if it is not there.
    ///
    /// The first use does the same. Call this at the start to find a wrong configuration then.
    public func prepare() async throws(PostgresStoreError) {
        try await self.access.run { _ in }
    }

    /// Closes the connections after the operations in flight. Waiting and later operations throw.
    public func shutdown() async {
        await self.access.shutdown()
    }

    /// The statements that make the table and its indexes, for applications that keep all of their schema in
    /// migrations, and for stores whose role may not create anything.
    ///
    /// ```swift
    /// let sql = try PostgresStore.tableDefinition(partitions: 64).joined(separator: ";\n")
    /// ```
    ///
    /// Running them twice is harmless.
    ///
    /// - Parameters:
    ///   - table: What the table is called.
    ///   - schema: The schema of the table; nil to use the `search_path`.
    ///   - partitions: How many partitions, by the hash of the id, the table has; zero for none. They need no other
    ///     setting: every operation except purging and listing goes to one partition.
    public static func tableDefinition(
        table: String = Self.defaultTable, schema: String? = nil, partitions: Int = 0
    ) throws(PostgresStoreError) -> [String] {
        try SessionSchema(table: table, schema: schema).definitions(partitions: partitions)
    }

    /// The name of the table, and nothing about the connection.
    public var description: String { "PostgresStore(table: \(self.statements.table))" }
}
