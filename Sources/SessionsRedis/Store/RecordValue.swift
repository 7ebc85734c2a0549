// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record as the value of a key: a head that the scripts read, then the record, compressed if it is long.
///
/// | bytes | what |
/// |---|---|
/// | 1 | the format: 1 as it is, 2 compressed (zlib) |
/// | 8 | the version |
/// | 8 | when it expires, in milliseconds since 1970 |
/// | 8 | a random number for each write, by which a write whose answer was lost is recognised |
/// | 16 | the hash of its user's name; zeros for none |
/// | … | the record |
///
/// Numbers are big-endian.
enum RecordValue {
    static let headLength = 41

    /// The part of the head that verifies a user's list.
    struct Head: Hashable {
        let expiresAt: Int
        let userMark: [UInt8]
    }

    /// How long a record must be to be compressed. Redis would save little on a shorter one, and compressing it would
    /// take half as long as the rest of the write.
    static let minimumCompressed = 512

    private static let plain: UInt8 = 1
    private static let compressed: UInt8 = 2

    static func encode(_ record: SessionRecord, writeMark: UInt64, limit: Int) throws(RedisStoreError) -> [UInt8] {
        let body = SessionRecordCoder.encode(record)
        guard body.count <= limit else {
            throw RedisStoreError(
                .tooLarge, "A session of \(body.count) bytes is larger than RedisConfiguration.maximumRecordSize.")
        }
        let compressed = body.count < Self.minimumCompressed ? nil : Zlib.compress(body)
        let shorter = compressed.flatMap { $0.count < body.count ? $0 : nil }
        var bytes = [shorter == nil ? Self.plain : Self.compressed]
        bytes.reserveCapacity(Self.headLength + body.count)
        bytes += BigEndian.bytes(record.version) + BigEndian.bytes(record.expiresAt.milliseconds)
        bytes.append(bigEndian: writeMark)
        bytes += record.user.map(SessionKeys.mark) ?? [UInt8](repeating: 0, count: SessionKeys.markLength)
        bytes += shorter ?? body
        return bytes
    }

    static func decode(_ bytes: [UInt8], limit: Int) throws(RedisStoreError) -> SessionRecord {
        guard let format = bytes.first, bytes.count > Self.headLength else { throw .damaged }
        let body = bytes[Self.headLength...]
        let record: SessionRecord? =
            switch format {
            case Self.plain: SessionRecordCoder.decode(body)
            case Self.compressed: Zlib.decompress(Array(body), limit: limit).flatMap(SessionRecordCoder.decode)
            default: nil
            }
        guard let record else { throw .damaged }
        return record
    }

    /// The head from a value's first bytes; nil when they are not a record's.
    static func head(_ bytes: [UInt8]) -> Head? {
        guard bytes.count == Self.headLength, bytes[0] == Self.plain || bytes[0] == Self.compressed,
            let expiresAt = BigEndian.integer(bytes[9..<17])
        else { return nil }
        return Head(expiresAt: expiresAt, userMark: Array(bytes[25...]))
    }
}
