// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record as a row. Its columns are in the order of ``SessionSchema/columns``, without the last one, `write_id`.
enum SessionRow {
    static func parameters(of record: SessionRecord) -> [[UInt8]?] {
        [
            record.id.bytes, record.secretHash, record.previousSecretHash, Self.milliseconds(record.graceEnd),
            Parameter.bigint(record.version), record.contents, Self.milliseconds(record.createdAt),
            Self.milliseconds(record.renewedAt), Self.milliseconds(record.authenticatedAt),
            Self.milliseconds(record.lastUsedAt), Parameter.bigint(record.idleTimeout.milliseconds),
            Self.milliseconds(record.absoluteEnd), Self.milliseconds(record.expiresAt),
            record.user.map(Parameter.text), record.deviceLabel.map(Parameter.text),
        ]
    }

    static func record(_ result: QueryResult, row: Int) throws(PostgresStoreError) -> SessionRecord {
        func date(_ column: Int) throws(PostgresStoreError) -> Date {
            guard let date = SessionRecordCoder.date(try result.integer(row, column)) else { throw .foreignRow }
            return date
        }
        func dateIfAny(_ column: Int) throws(PostgresStoreError) -> Date? {
            try result.integerIfAny(row, column) == nil ? nil : date(column)
        }
        func textIfAny(_ column: Int) throws(PostgresStoreError) -> String? {
            guard let bytes = result.bytesIfAny(row, column) else { return nil }
            guard let text = SessionRecordCoder.text(bytes) else { throw .foreignRow }
            return text
        }
        return SessionRecord(
            id: try Self.id(result, row: row), secretHash: try result.bytes(row, 1),
            previousSecretHash: result.bytesIfAny(row, 2), graceEnd: try dateIfAny(3),
            version: try result.integer(row, 4), contents: try result.bytes(row, 5), createdAt: try date(6),
            renewedAt: try date(7), authenticatedAt: try dateIfAny(8), lastUsedAt: try date(9),
            idleTimeout: .milliseconds(try result.integer(row, 10)), absoluteEnd: try dateIfAny(11),
            user: try textIfAny(13), deviceLabel: try textIfAny(14))
    }

    /// Where a scan has the size of the contents: in the place of the last column of the table.
    static let sizeIndex = SessionSchema.columns.count - 1

    /// The id in the first column.
    static func id(_ result: QueryResult, row: Int) throws(PostgresStoreError) -> SessionID {
        guard let id = SessionID(bytes: try result.bytes(row, 0)) else {
            throw PostgresStoreError(.damaged, "The session table has an id that is not 16 bytes long.")
        }
        return id
    }

    private static func milliseconds(_ date: Date?) -> [UInt8]? {
        date.map { Parameter.bigint($0.milliseconds) }
    }
}
