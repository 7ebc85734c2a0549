// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension FuzzTarget {
    /// A row, as ``FuzzRow`` reads it from the input, in the table of SQLite and in an answer of PostgreSQL.
    static let sqlRow = FuzzTarget("sql-row", "a row of a table of sessions, in SQLite and in PostgreSQL") { input in
        let row = FuzzRow(input)
        try FuzzSQLiteRow.check(row)
        try FuzzPostgresRow.check(row)
    }
}
