// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Foundation
import Sessions

extension FuzzTarget {
    /// The first byte says whether the input is a record, or a record's fields, to which the checksum is added.
    static let record = FuzzTarget("record", "a record in a store that keeps bytes") { input in
        let (way, rest) = input.choice(of: 2)
        let bytes = way == 0 ? rest : FuzzRecord.bytes(fields: rest)
        guard let record = SessionRecordCoder.decode(bytes) else { return }
        guard FuzzRecord.hasExactTimes(record) else { return }
        try require(SessionRecordCoder.encode(record) == bytes, "a record has two spellings")
    }
}

/// Records that a decoder looks into.
enum FuzzRecord {
    /// Whether its times are within 8900 years: beyond, a ``Date`` is not exact to the millisecond.
    static func hasExactTimes(_ record: SessionRecord) -> Bool {
        let optional = [record.graceEnd, record.authenticatedAt, record.absoluteEnd].compactMap(\.self)
        return ([record.createdAt, record.renewedAt, record.lastUsedAt] + optional)
            .allSatisfy { $0.milliseconds.magnitude < 1 << 48 }
    }

    /// A record with these fields, and with the right checksum.
    static func bytes(fields: [UInt8], id: [UInt8] = FuzzSetting.id.bytes) -> [UInt8] {
        let body = Array("DWR".utf8) + [1] + id + fields
        return body + SHA256.hash(data: body).prefix(8)
    }
}
