// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record as a row. Its columns are in the order of ``SessionSchema/columns``.
struct SessionRow: FetchableRecord {
    let record: SessionRecord

    init(_ record: SessionRecord) {
        self.record = record
    }

    init(row: Row) throws {
        var reader = Reader(row: row)
        _ = try reader.next() as Int64
        let id = try Self.id(reader.nextBytes())
        let secretHash = try reader.nextBytes()
        let previousSecretHash = try reader.nextBytesIfAny()
        let graceEnd = try reader.nextDateIfAny()
        let version: Int = try reader.next()
        let contents = try reader.nextBytes()
        let createdAt = try reader.nextDate()
        let renewedAt = try reader.nextDate()
        let authenticatedAt = try reader.nextDateIfAny()
        let lastUsedAt = try reader.nextDate()
        let idleTimeout: Int = try reader.next()
        let absoluteEnd = try reader.nextDateIfAny()
        _ = try reader.next() as Int
        let user = try reader.nextTextIfAny()
        let deviceLabel = try reader.nextTextIfAny()
        self.record = SessionRecord(
            id: id, secretHash: secretHash, previousSecretHash: previousSecretHash, graceEnd: graceEnd,
            version: version, contents: contents, createdAt: createdAt, renewedAt: renewedAt,
            authenticatedAt: authenticatedAt, lastUsedAt: lastUsedAt, idleTimeout: .milliseconds(idleTimeout),
            absoluteEnd: absoluteEnd, user: user, deviceLabel: deviceLabel)
    }

    /// The values of all columns behind the key.
    var changing: [(any DatabaseValueConvertible)?] {
        let record = self.record
        return [
            Self.blob(record.secretHash), record.previousSecretHash.map(Self.blob),
            record.graceEnd?.milliseconds, record.version, Self.blob(record.contents), record.createdAt.milliseconds,
            record.renewedAt.milliseconds, record.authenticatedAt?.milliseconds, record.lastUsedAt.milliseconds,
            record.idleTimeout.milliseconds, record.absoluteEnd?.milliseconds, record.expiresAt.milliseconds,
            record.user.map { Self.blob($0.utf8) }, record.deviceLabel.map { Self.blob($0.utf8) },
        ]
    }

    /// The key of a row: the slot and the id.
    static func key(_ id: SessionID) -> [(any DatabaseValueConvertible)?] { [Self.slot(id), Data(id.bytes)] }

    static func slot(_ id: SessionID) -> Int64 {
        Int64(bitPattern: Checksum.of(id.bytes[...]))
    }

    /// Where a scan has the size of the contents: after the columns of the table.
    static let sizeIndex = SessionSchema.columns.count

    /// How many columns the key has.
    static let keyCount = 2

    /// Bytes for `CAST(? AS BLOB)`. An empty `Data` may have no address, and SQLite would store NULL for it.
    static func blob(_ bytes: some Collection<UInt8>) -> any DatabaseValueConvertible {
        bytes.isEmpty ? "" : Data(bytes)
    }

    static func id(_ bytes: some Sequence<UInt8>) throws(SQLiteStoreError) -> SessionID {
        guard let id = SessionID(bytes: bytes) else {
            throw SQLiteStoreError(.damaged, "The session table has an id that is not 16 bytes long.")
        }
        return id
    }
}

/// The columns of a row, from left to right.
private struct Reader {
    let row: Row
    private var index = 0

    init(row: Row) {
        self.row = row
    }

    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value {
        defer { self.index += 1 }
        return try self.row.decode(Value.self, atIndex: self.index)
    }

    mutating func nextBytes() throws -> [UInt8] {
        guard let bytes = try self.nextBytesIfAny() else {
            throw SQLiteStoreError(.damaged, "The session table has a NULL where it may have none.")
        }
        return bytes
    }

    mutating func nextBytesIfAny() throws -> [UInt8]? {
        defer { self.index += 1 }
        // The row has one owner at a time, and its bytes are copied before the next row is read.
        return try self.row.withUnsafeData(atIndex: self.index) { $0.map { Array($0) } }
    }

    mutating func nextDate() throws -> Date {
        try Self.date(try self.next())
    }

    mutating func nextDateIfAny() throws -> Date? {
        defer { self.index += 1 }
        return try self.row.decode(Int?.self, atIndex: self.index).map(Self.date)
    }

    mutating func nextTextIfAny() throws -> String? {
        try self.nextBytesIfAny().map(Self.text)
    }

    private static func date(_ milliseconds: Int) throws(SQLiteStoreError) -> Date {
        guard let date = SessionRecordCoder.date(milliseconds) else { throw .foreignRow }
        return date
    }

    private static func text(_ bytes: [UInt8]) throws(SQLiteStoreError) -> String {
        guard let text = SessionRecordCoder.text(bytes) else { throw .foreignRow }
        return text
    }
}
