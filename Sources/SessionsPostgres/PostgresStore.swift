// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Keeps sessions in one table of a PostgreSQL database, which any number of machines may share.
///
/// ```swift
/// let store = try PostgresStore("postgres://app:secret@db.example.com/app?sslmode=verify-full")
/// let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
/// ```
///
/// **Connections.** They are opened when they are needed, up to ``defaultMaximumConnections`` unless said otherwise,
/// and opened anew when they have broken. What finds all of them in use waits for one, and throws when that takes too
/// long. A server that allows fewer than the store wants (`CONNECTION LIMIT`, `max_connections`) is used with those
/// that it allows. Each connection keeps prepared statements and a `statement_timeout`, so a pooler between must keep
/// them too: PgBouncer's session mode. For its transaction mode there is `isTransactionPooled`.
///
/// **Cost.** Reading, writing and removing are one round trip each. Nothing grows with the number of live sessions.
///
/// **Faults.** An operation that did not happen because of another transaction is done again. So is one whose
/// connection broke; a write leaves a random number in the row, by which it knows itself again, and so happens once or
/// not at all. A new record is only looked for then, and not written again: it could have been removed already. When
/// that cannot be told any more the error says so. A server that is not there is an error: for the first calls when
/// that is found out, and then at once, until a try to connect, which the store makes twice a second, succeeds. What
/// was acknowledged is as safe as the server's `synchronous_commit` and `fsync` make it.
///
/// **At rest.** Nothing in the table lets anybody in, but the sessions' values are there to be read, unless they are
/// encrypted (``SessionConfiguration/encryptsStoredValues``).
///
/// **The table** is made when it is first needed; of many processes that start at once, one makes it. To make it in
/// migrations of your own, or with partitions, see ``tableDefinition(table:schema:partitions:)``. Times are
/// milliseconds since 1970, and text is its bytes in UTF-8.
///
/// PostgreSQL has to be 12 or newer; libpq 12 or newer: `apt install libpq-dev` to build, `libpq5` to run.
public struct PostgresStore: Sendable, CustomStringConvertible {
    /// How many connections a store opens at most, unless said otherwise.
    public static let defaultMaximumConnections = 8

    /// How long a call may wait for a connection, and then how long it may take, unless said otherwise.
    public static let defaultTimeout: Duration = .seconds(5)

    /// What the table is called, unless said otherwise.
    public static let defaultTable = "dewar_sessions"

    let access: DatabaseAccess
    let statements: SessionStatements

    /// A store in a database. Nothing is connected yet: see ``prepare()``.
    ///
    /// - Parameters:
    ///   - connection: libpq's connection string, an URL or `host=… user=…`:
    ///     <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>. What it leaves open the
    ///     environment says (`PGHOST`, `PGUSER`, `PGPASSWORD`, …), the password file, the service file. Several hosts
    ///     may be named, with `target_session_attrs=read-write`. TLS is `sslmode` and its like; libpq's default checks
    ///     no certificate.
    ///   - table: What the table is called: ASCII letters, digits and underscores.
    ///   - schema: The schema that it is in, which is made if it is not there; nil for what the `search_path` says.
    ///   - maximumConnections: How many connections are opened at most, at least one.
    ///   - timeout: How long a call may wait for a connection that is free, and then how long it may take; from a
    ///     millisecond to an hour. To open a connection may take as long again for every host, in whole seconds and at
    ///     least two, unless `connect_timeout` says something else.
    ///   - isTransactionPooled: Whether a pooler between gives out a server's connection for one transaction, as
    ///     PgBouncer does with `pool_mode = transaction`. Then nothing is kept on a connection: statements are planned
    ///     each time, and a statement that is not answered in `timeout` is given up here but not ended there, unless
    ///     the role has a limit (`ALTER ROLE app SET statement_timeout = '5s'`).
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

    /// Connects, and makes the table if it is not there.
    ///
    /// The first use does the same. To do it when the app starts tells then what is wrong with the configuration.
    public func prepare() async throws(PostgresStoreError) {
        try await self.access.run { _ in }
    }

    /// Closes the connections, after what is under way. What waits, and what comes later, throws.
    public func shutdown() async {
        await self.access.shutdown()
    }

    /// The statements that make the table and its indexes, for apps that keep all of their schema in migrations, and
    /// for stores whose role may not create anything.
    ///
    /// ```swift
    /// let sql = try PostgresStore.tableDefinition(partitions: 64).joined(separator: ";\n")
    /// ```
    ///
    /// To run them twice is harmless.
    ///
    /// - Parameter partitions: How many partitions by the hash of the id the table has; zero for none. The store uses
    ///   them without knowing: all that it does but to purge and to list goes to one of them.
    public static func tableDefinition(
        table: String = Self.defaultTable, schema: String? = nil, partitions: Int = 0
    ) throws(PostgresStoreError) -> [String] {
        try SessionSchema(table: table, schema: schema).definitions(partitions: partitions)
    }

    /// The table; nothing of the connection.
    public var description: String { "PostgresStore(table: \(self.statements.table))" }
}
