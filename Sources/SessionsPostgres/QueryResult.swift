// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CPostgres
import Sessions

/// The answer to a statement, in libpq's memory. Values are in PostgreSQL's binary format.
///
/// Safe to use: libpq's result is freed in `deinit`, and values are copied out of it. For a row or a column that does
/// not exist libpq returns NULL and a notice.
@safe final class QueryResult {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(self.handle)
    }

    var isSuccess: Bool {
        let status = unsafe PQresultStatus(self.handle)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// The server's error. Its details and hints are left out: they may quote values.
    var refusal: ConnectionFailure {
        .refused(
            sqlState: self.field("C") ?? "",
            message: self.field("M") ?? "no reason was given")
    }

    /// How many rows the statement changed.
    var changedRows: Int {
        unsafe PQcmdTuples(self.handle).flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }

    var rowCount: Int { unsafe Int(PQntuples(self.handle)) }

    /// A value's bytes; nil for NULL.
    func bytesIfAny(_ row: Int, _ column: Int) -> [UInt8]? {
        let (row, column) = (Int32(row), Int32(column))
        guard unsafe PQgetisnull(self.handle, row, column) == 0,
            let start = unsafe PQgetvalue(self.handle, row, column)
        else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(self.handle, row, column))))
    }

    func bytes(_ row: Int, _ column: Int) throws(PostgresStoreError) -> [UInt8] {
        guard let bytes = self.bytesIfAny(row, column) else { throw .foreignRow }
        return bytes
    }

    /// A `bigint`; nil for NULL.
    func integerIfAny(_ row: Int, _ column: Int) throws(PostgresStoreError) -> Int? {
        guard let bytes = self.bytesIfAny(row, column) else { return nil }
        guard let integer = BigEndian.integer(bytes) else { throw .foreignRow }
        return integer
    }

    func integer(_ row: Int, _ column: Int) throws(PostgresStoreError) -> Int {
        guard let integer = try self.integerIfAny(row, column) else { throw .foreignRow }
        return integer
    }

    func text(_ row: Int, _ column: Int) throws(PostgresStoreError) -> String {
        String(decoding: try self.bytes(row, column), as: UTF8.self)
    }

    /// A field of an error, by its letter in the protocol, for which `PG_DIAG_SQLSTATE` and the like stand.
    private func field(_ code: Unicode.Scalar) -> String? {
        unsafe PQresultErrorField(self.handle, Int32(code.value)).map { unsafe String(cString: $0) }
    }
}
