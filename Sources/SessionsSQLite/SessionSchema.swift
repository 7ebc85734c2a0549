// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions

/// The table of sessions: its name, its columns, its indexes.
struct SessionSchema: Sendable {
    struct Column: Sendable {
        let name: String
        let type: String
        let isRequired: Bool

        var definition: String { "\(self.name) \(self.type)\(self.isRequired ? " NOT NULL" : "")" }
    }

    /// The primary key comes first. It is 64 bits of the id's hash, because SQLite finds a row by a number directly,
    /// but by a blob only through an index. Text is stored as bytes, because SQLite's text ends at the first NUL.
    static let columns = [
        Column(name: "slot", type: "INTEGER", isRequired: true),
        Column(name: "id", type: "BLOB", isRequired: true),
        Column(name: "secret_hash", type: "BLOB", isRequired: true),
        Column(name: "previous_secret_hash", type: "BLOB", isRequired: false),
        Column(name: "grace_end", type: "INTEGER", isRequired: false),
        Column(name: "version", type: "INTEGER", isRequired: true),
        Column(name: "contents", type: "BLOB", isRequired: true),
        Column(name: "created_at", type: "INTEGER", isRequired: true),
        Column(name: "renewed_at", type: "INTEGER", isRequired: true),
        Column(name: "authenticated_at", type: "INTEGER", isRequired: false),
        Column(name: "last_used_at", type: "INTEGER", isRequired: true),
        Column(name: "idle_timeout", type: "INTEGER", isRequired: true),
        Column(name: "absolute_end", type: "INTEGER", isRequired: false),
        Column(name: "expires_at", type: "INTEGER", isRequired: true),
        Column(name: "user", type: "BLOB", isRequired: false),
        Column(name: "device_label", type: "BLOB", isRequired: false),
    ]

    let table: String

    var expiryIndex: String { self.table + "_expires_at" }
    var userIndex: String { self.table + "_user" }

    /// The name becomes part of statements, so only names are allowed that need no quoting except as keywords.
    init(table: String) throws(SQLiteStoreError) {
        let bytes = Array(table.utf8)
        let isPlain = bytes.allSatisfy { $0.isASCIILetterOrDigit(or: "_") }
        guard isPlain, 1...64 ~= bytes.count, !bytes[0].isASCIIDigit,
            !table.lowercased().hasPrefix("sqlite_")
        else {
            throw SQLiteStoreError(
                .invalidName,
                "A session table is named with 1 to 64 ASCII letters, digits and underscores, beginning neither with a "
                    + "digit nor with \"sqlite_\".")
        }
        self.table = table
    }

    /// Whether the table and its indexes are there. If so, the start need not wait for the write lock.
    ///
    /// No version is stored, neither in `PRAGMA user_version` nor in GRDB's list of migrations, because both belong to
    /// the application. The columns show the version.
    func isComplete(in database: Database) throws -> Bool {
        guard try self.hasTable(in: database) else { return false }
        let indexes = try String.fetchSet(
            database, sql: "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? COLLATE NOCASE",
            arguments: [self.table])
        return indexes.isSuperset(of: [self.expiryIndex, self.userIndex])
    }

    func create(in database: Database) throws {
        guard try !self.isComplete(in: database) else { return }
        try database.inSavepoint {
            try database.execute(sql: self.definition)
            return .commit
        }
    }

    private var definition: String {
        let columns = Self.columns.map { $0.name == "slot" ? $0.definition + " PRIMARY KEY" : $0.definition }
        return """
            CREATE TABLE IF NOT EXISTS "\(self.table)" (\(columns.joined(separator: ", "))) STRICT;
            CREATE INDEX IF NOT EXISTS "\(self.expiryIndex)" ON "\(self.table)" (expires_at);
            CREATE INDEX IF NOT EXISTS "\(self.userIndex)" ON "\(self.table)" (user) WHERE user IS NOT NULL;
            """
    }

    /// In another table a text could stand for a number, and reads as 0, and a number for the name of a user.
    private func requireStrict(in database: Database) throws {
        let isStrict = try Bool.fetchOne(
            database, sql: "SELECT strict FROM pragma_table_list(?) WHERE schema = 'main'", arguments: [self.table])
        guard isStrict == true else {
            throw SQLiteStoreError(
                .foreignTable,
                "The table \"\(self.table)\" is not STRICT, so that it takes values of any type. SQLiteStore.createTable(in:) "
                    + "creates one that is.")
        }
    }

    private func hasTable(in database: Database) throws -> Bool {
        let found = try String.fetchAll(
            database, sql: "SELECT lower(name) || ' ' || type FROM pragma_table_info(?) ORDER BY cid",
            arguments: [self.table])
        guard !found.isEmpty else { return false }
        guard found == Self.columns.map({ "\($0.name) \($0.type)" }) else {
            throw SQLiteStoreError(
                .foreignTable,
                "The database has a table \"\(self.table)\" that is not a table of sessions; give the store another "
                    + "name.")
        }
        try self.requireStrict(in: database)
        return true
    }
}
