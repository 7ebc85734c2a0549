// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The table of sessions: its names, its columns, its indexes.
struct SessionSchema: Sendable {
    struct Column: Sendable {
        let name: String
        let type: String
        let isRequired: Bool

        /// `user` is a word of SQL.
        var quotedName: String { "\"\(self.name)\"" }
        var definition: String { "\(self.quotedName) \(self.type)\(self.isRequired ? " NOT NULL" : "")" }
    }

    /// The primary key comes first. Text is stored as bytes, because PostgreSQL's text type cannot hold NUL.
    static let columns = [
        Column(name: "id", type: "bytea", isRequired: true),
        Column(name: "secret_hash", type: "bytea", isRequired: true),
        Column(name: "previous_secret_hash", type: "bytea", isRequired: false),
        Column(name: "grace_end", type: "bigint", isRequired: false),
        Column(name: "version", type: "bigint", isRequired: true),
        Column(name: "contents", type: "bytea", isRequired: true),
        Column(name: "created_at", type: "bigint", isRequired: true),
        Column(name: "renewed_at", type: "bigint", isRequired: true),
        Column(name: "authenticated_at", type: "bigint", isRequired: false),
        Column(name: "last_used_at", type: "bigint", isRequired: true),
        Column(name: "idle_timeout", type: "bigint", isRequired: true),
        Column(name: "absolute_end", type: "bigint", isRequired: false),
        Column(name: "expires_at", type: "bigint", isRequired: true),
        Column(name: "user", type: "bytea", isRequired: false),
        Column(name: "device_label", type: "bytea", isRequired: false),
        // Which write made the row: see SessionStatements.write.
        Column(name: "write_id", type: "bigint", isRequired: true),
    ]

    /// The `expires_at` of a session without an end: `Date`'s last whole millisecond. Such rows are not in the index
    /// for the purge.
    static let never = 9_007_199_254_740_992

    let table: String
    let schema: String?

    /// The names become part of statements, so only those are allowed that would be harmless even without quotes.
    init(table: String, schema: String?) throws(PostgresStoreError) {
        // PostgreSQL truncates a name to 63 bytes, and the indexes' names are up to 11 bytes longer than the table's.
        guard Self.isPlain(table, maximumLength: 52) else {
            throw PostgresStoreError(
                .invalidName,
                "A session table is named with 1 to 52 ASCII letters, digits and underscores, and does not begin with "
                    + "a digit.")
        }
        if let schema {
            guard Self.isPlain(schema, maximumLength: 63), !schema.hasPrefix("pg_") else {
                throw PostgresStoreError(
                    .invalidName,
                    "The schema of a session table is named with 1 to 63 ASCII letters, digits and underscores, and "
                        + "begins neither with a digit nor with \"pg_\".")
            }
        }
        self.table = table
        self.schema = schema
    }

    var quotedSchema: String? { self.schema.map { "\"\($0)\"" } }
    /// The table's full name, in quotes.
    var quotedTable: String { self.quoted(self.table) }
    var expiryIndex: String { self.table + "_expires_at" }
    var userIndex: String { self.table + "_user" }

    /// The statements that make the table and its indexes where they are missing.
    ///
    /// The index holds a hash of the user, because PostgreSQL's indexes take no value over some 2700 bytes. The rows
    /// leave some room on their page. A new version of a row that keeps its times then stays on that page, and the
    /// indexes need no change.
    func definitions(partitions: Int = 0) -> [String] {
        let columns = Self.columns.map(\.definition).joined(separator: ", ")
        let table = "CREATE TABLE IF NOT EXISTS \(self.quotedTable) (\(columns), PRIMARY KEY (\"id\"))"
        let storage = " WITH (fillfactor = 90)"
        let tables =
            partitions < 1
            ? [table + storage]
            : [table + " PARTITION BY HASH (\"id\")"]
                + (0..<partitions).map { number in
                    "CREATE TABLE IF NOT EXISTS \(self.quoted("\(self.table)_p\(number)")) PARTITION OF "
                        + "\(self.quotedTable) FOR VALUES WITH (MODULUS \(partitions), REMAINDER \(number))\(storage)"
                }
        return tables + [
            "CREATE INDEX IF NOT EXISTS \"\(self.expiryIndex)\" ON \(self.quotedTable) (\"expires_at\") "
                + "WHERE \"expires_at\" < \(Self.never)",
            "CREATE INDEX IF NOT EXISTS \"\(self.userIndex)\" ON \(self.quotedTable) (sha256(\"user\")) "
                + "WHERE \"user\" IS NOT NULL",
        ]
    }

    private func quoted(_ name: String) -> String {
        (self.quotedSchema.map { $0 + "." } ?? "") + "\"\(name)\""
    }

    private static func isPlain(_ name: String, maximumLength: Int) -> Bool {
        let bytes = Array(name.utf8)
        let isPlain = bytes.allSatisfy { $0.isASCIILetterOrDigit(or: "_") }
        return isPlain && 1...maximumLength ~= bytes.count && !bytes[0].isASCIIDigit
    }
}
