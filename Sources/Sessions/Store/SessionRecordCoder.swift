// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Records as bytes, for stores that keep bytes.
///
/// The format: three letters and the format's version; the fields in the order of ``SessionRecord``; the first eight
/// bytes of the SHA-256 of all of these. Numbers are 64 bits, big-endian; times and durations are milliseconds; byte
/// strings and text have their length before them; a field that may be absent has a byte before it that says whether it
/// is there. The checksum finds accidents (half a file, a damaged disk), not forgeries: an attacker who can write to
/// the store can change any session in it.
package enum SessionRecordCoder {
    private static let preamble = Array("DWR".utf8) + [1]

    /// A record's bytes.
    package static func encode(_ record: SessionRecord) -> [UInt8] {
        var writer = SessionRecordWriter(capacity: record.contents.count + 256)
        writer.bytes += Self.preamble
        writer.bytes += record.id.bytes
        writer.append(record.secretHash)
        writer.append(record.previousSecretHash)
        writer.append(record.graceEnd)
        writer.append(record.version)
        writer.append(record.contents)
        writer.append(record.createdAt.milliseconds)
        writer.append(record.renewedAt.milliseconds)
        writer.append(record.authenticatedAt)
        writer.append(record.lastUsedAt.milliseconds)
        writer.append(record.idleTimeout.milliseconds)
        writer.append(record.absoluteEnd)
        writer.append(record.user)
        writer.append(record.deviceLabel)
        writer.bytes.append(bigEndian: Checksum.of(writer.bytes[...]))
        return writer.bytes
    }

    /// The record; nil for bytes that are not exactly what ``encode(_:)`` makes.
    package static func decode(_ bytes: [UInt8]) -> SessionRecord? {
        Self.decode(bytes[...])
    }

    /// The same of bytes that stand among others.
    package static func decode(_ bytes: ArraySlice<UInt8>) -> SessionRecord? {
        let body = bytes.dropLast(Checksum.length)
        guard body.starts(with: Self.preamble), BigEndian.number(bytes[body.endIndex...]) == Checksum.of(body)
        else { return nil }
        var reader = SessionRecordReader(bytes: body.dropFirst(Self.preamble.count))
        guard let record = try? Self.record(&reader), reader.bytes.isEmpty else { return nil }
        return record
    }

    /// The time so many milliseconds after 1970; nil if no ``Date`` has it. Such a time would become another one, so
    /// that the record had two spellings.
    package static func date(_ milliseconds: Int) -> Date? {
        milliseconds.magnitude <= Date.lastMillisecond.magnitude ? Date(milliseconds: milliseconds) : nil
    }

    /// The text of a user or a device; nil for bytes that are not UTF-8, which would become another user's.
    package static func text(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    private static func record(_ reader: inout SessionRecordReader) throws -> SessionRecord {
        guard let id = SessionID(bytes: try reader.take(SessionID.length)) else {
            throw SessionRecordReader.Malformed()
        }
        // Swift evaluates arguments from left to right: this is the order of the fields.
        return SessionRecord(
            id: id, secretHash: try reader.byteString(),
            previousSecretHash: try reader.optional { try $0.byteString() },
            graceEnd: try reader.optional { try $0.date() }, version: try reader.number(),
            contents: try reader.byteString(), createdAt: try reader.date(), renewedAt: try reader.date(),
            authenticatedAt: try reader.optional { try $0.date() }, lastUsedAt: try reader.date(),
            idleTimeout: .milliseconds(try reader.number()), absoluteEnd: try reader.optional { try $0.date() },
            user: try reader.optional { try $0.text() }, deviceLabel: try reader.optional { try $0.text() })
    }
}

/// Reads the parts of a record for ``SessionRecordCoder``; never past the end.
package struct SessionRecordReader {
    /// The bytes are not a record.
    struct Malformed: Error {}

    package var bytes: ArraySlice<UInt8>

    package init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= self.bytes.count else { throw Malformed() }
        defer { self.bytes = self.bytes.dropFirst(count) }
        return self.bytes.prefix(count)
    }

    package mutating func number() throws -> Int {
        Int(truncatingIfNeeded: BigEndian.number(try self.take(8)))
    }

    mutating func byteString() throws -> [UInt8] {
        Array(try self.take(try self.number()))
    }

    mutating func text() throws -> String {
        guard let text = SessionRecordCoder.text(try self.byteString()) else { throw Malformed() }
        return text
    }

    mutating func date() throws -> Date {
        guard let date = SessionRecordCoder.date(try self.number()) else { throw Malformed() }
        return date
    }

    mutating func optional<Value>(
        _ value: (inout SessionRecordReader) throws -> Value
    ) throws -> Value? {
        switch try self.take(1).first {
        case 0: nil
        case 1: try value(&self)
        default: throw Malformed()
        }
    }
}

/// Writes the parts of a record for ``SessionRecordCoder``.
package struct SessionRecordWriter {
    package var bytes: [UInt8] = []

    package init(capacity: Int) {
        self.bytes.reserveCapacity(capacity)
    }

    package mutating func append(_ number: Int) {
        self.bytes.append(bigEndian: UInt64(bitPattern: Int64(number)))
    }

    mutating func append(_ string: [UInt8]) {
        self.append(string.count)
        self.bytes += string
    }

    mutating func append(_ text: String?) {
        self.bytes.append(text == nil ? 0 : 1)
        guard let text else { return }
        self.append(text.utf8.count)
        self.bytes += text.utf8
    }

    mutating func append(_ string: [UInt8]?) {
        self.bytes.append(string == nil ? 0 : 1)
        if let string { self.append(string) }
    }

    mutating func append(_ date: Date?) {
        self.bytes.append(date == nil ? 0 : 1)
        if let date { self.append(date.milliseconds) }
    }
}
