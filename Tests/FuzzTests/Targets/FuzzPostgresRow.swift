// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CPostgres
import Sessions

@testable import SessionsPostgres

/// Rows in an answer of PostgreSQL, which libpq makes of bytes without a server.
enum FuzzPostgresRow {
    static func check(_ row: FuzzRow) throws {
        let wire = row.values.map { Self.bytes($0) }
        guard let result = Self.result(wire) else { throw Violation(description: "libpq has no memory for a row") }
        // The bytes do not say of what type they are: eight of them are a number where one belongs.
        var sent = row
        for (column, bytes) in wire.enumerated() { sent.values[column] = Self.value(bytes, column) }
        sent.values[FuzzRow.expiry] = .null
        let record = try? SessionRow.record(result, row: 0)
        try require((record != nil) == sent.isRecord, "PostgreSQL: a row is taken for a record, or a record is not")
        let id = try? SessionRow.id(result, row: 0)
        try require(id?.bytes == (wire[0]?.count == 16 ? wire[0] : nil), "PostgreSQL: another id")
        try require((try? SessionRow.record(result, row: 1)) == nil, "PostgreSQL: a record that is not there")
        guard let record else { return }
        try require(sent.isRead(as: record), "PostgreSQL: a record has other values than its row")
        guard FuzzRecord.hasExactTimes(record) else { return }
        var written = SessionRow.parameters(of: record)
        try require(written.count == wire.count, "PostgreSQL: a record has other columns")
        written[FuzzRow.expiry] = wire[FuzzRow.expiry]
        try require(written == wire, "PostgreSQL: written again, a record has another row")
    }

    /// A value as PostgreSQL sends it in binary form.
    private static func bytes(_ value: FuzzRow.Value) -> [UInt8]? {
        switch value {
        case .null: nil
        case .integer(let number): Self.bigEndian(UInt64(bitPattern: Int64(number)))
        case .bytes(let bytes): bytes
        case .text(let text): Array(text.utf8)
        case .real(let number): Self.bigEndian(number.bitPattern)
        }
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
    }

    private static func value(_ bytes: [UInt8]?, _ column: Int) -> FuzzRow.Value {
        guard let bytes else { return .null }
        guard FuzzRow.isNumber(column), bytes.count == 8 else { return .bytes(bytes) }
        return .integer(bytes.reduce(0) { $0 << 8 | Int($1) })
    }

    /// - Returns: Nil if there is no memory.
    private static func result(_ values: [[UInt8]?]) -> QueryResult? {
        guard let handle = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { return nil }
        var columns = [PGresAttDesc](repeating: PGresAttDesc(), count: values.count)
        guard PQsetResultAttrs(handle, Int32(values.count), &columns) == 1 else { return nil }
        for (column, value) in values.enumerated() {
            // libpq copies as many bytes as it is told, within the call; the zero gives an empty value an address.
            var bytes = (value ?? []).map { CChar(truncatingIfNeeded: $0) } + [0]
            let length = value.map { Int32($0.count) } ?? -1
            guard PQsetvalue(handle, 0, Int32(column), &bytes, length) == 1 else { return nil }
        }
        return QueryResult(handle)
    }
}
