// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The migration: makes the table if it is missing, and checks that it is a table of sessions.
extension SessionSchema {
    /// Where the table is complete, nothing is written and no right to write is needed. A process that finds something
    /// missing takes an advisory lock and looks again. So of many processes that start at once, one makes the table.
    ///
    /// - Parameter makesTable: Whether a missing table is made; if not, it is an error.
    func prepare(
        on connection: Connection, makesTable: Bool = true, until deadline: ContinuousClock.Instant
    ) throws {
        guard try !self.isComplete(on: connection, until: deadline) else { return }
        guard makesTable else {
            throw PostgresStoreError(
                .foreignTable, "The database has no table of sessions named \(self.quotedTable).")
        }
        func run(_ text: String, _ parameters: [[UInt8]?] = []) throws {
            _ = try connection.run(Statement(text), parameters, until: deadline)
        }
        try run("BEGIN")
        let lock = Parameter.text("dewar.sessions:" + self.quotedTable)
        try run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [lock])
        if try !self.isComplete(on: connection, until: deadline) {
            if let schema = self.quotedSchema, try !self.hasSchema(on: connection, until: deadline) {
                try run("CREATE SCHEMA IF NOT EXISTS \(schema)")
            }
            for definition in self.definitions() { try run(definition) }
        }
        try run("COMMIT")
    }

    private func isComplete(on connection: Connection, until deadline: ContinuousClock.Instant) throws -> Bool {
        guard try self.hasTable(on: connection, until: deadline) else { return false }
        let indexes = try connection.run(
            Self.selectIndexes, [Parameter.text(self.quotedTable)], until: deadline)
        let names = try (0..<indexes.rowCount).map { try indexes.text($0, 0) }
        return Set(names).isSuperset(of: [self.expiryIndex, self.userIndex])
    }

    private func hasSchema(on connection: Connection, until deadline: ContinuousClock.Instant) throws -> Bool {
        let statement = Statement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1")
        let name = Parameter.text(self.schema ?? "")
        return try connection.run(statement, [name], until: deadline).rowCount > 0
    }

    /// Whether the table is there, partitioned or not. Anything else with its name is an error.
    private func hasTable(on connection: Connection, until deadline: ContinuousClock.Instant) throws -> Bool {
        let name = Parameter.text(self.quotedTable)
        let result = try connection.run(Self.selectColumns, [name], until: deadline)
        guard result.rowCount > 0 else { return false }
        let found = Set(try (0..<result.rowCount).map { try result.text($0, 0) })
        let expected = Set(Self.columns.map { "\($0.name) \($0.type)" })
        guard found == expected else {
            throw self.foreignTable(
                Self.list("it lacks", expected.subtracting(found)) + Self.list("it has", found.subtracting(expected)))
        }
        let key = try connection.run(Self.selectKey, [name], until: deadline)
        guard key.rowCount > 0 else { throw self.foreignTable(["its key is not \"id\""]) }
        return true
    }

    private static func list(_ verb: String, _ columns: Set<String>) -> [String] {
        columns.isEmpty ? [] : ["\(verb) \(columns.sorted().joined(separator: ", "))"]
    }

    private func foreignTable(_ reasons: [String]) -> PostgresStoreError {
        PostgresStoreError(
            .foreignTable,
            "The database has a table \(self.quotedTable) that is not a table of sessions: "
                + "\(reasons.joined(separator: "; ")). Give the store another name.")
    }

    private static let selectColumns = Statement(
        """
        SELECT a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a \
        WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
        """)

    private static let selectIndexes = Statement(
        """
        SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
        WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisvalid
        """)

    private static let selectKey = Statement(
        """
        SELECT 1 FROM pg_catalog.pg_index i \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
        WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indimmediate \
        AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'id'
        """)
}
