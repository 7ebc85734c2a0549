// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import SessionsRedis

extension FuzzTarget {
    /// The first byte says whether the input is a value, or a record's fields, plain or compressed.
    static let redisRecord = FuzzTarget("redis-record", "a record as the value of a key in Redis") { input in
        let limit = 1 << 20
        let (way, rest) = input.choice(of: 3)
        let head = [UInt8](repeating: 0, count: RecordValue.headLength - 1)
        let value: [UInt8] =
            switch way {
            case 0: rest
            case 1: [1] + head + FuzzRecord.bytes(fields: rest)
            default: [2] + head + (Zlib.compress(FuzzRecord.bytes(fields: rest)) ?? [])
            }
        _ = RecordValue.head(Array(value.prefix(RecordValue.headLength)))
        guard let record = try? RecordValue.decode(value, limit: limit) else { return }
        guard FuzzRecord.hasExactTimes(record) else { return }
        let written = try RecordValue.encode(record, writeMark: 7, limit: limit)
        try require(try RecordValue.decode(written, limit: limit) == record, "written again, the record is another")
        let readHead = RecordValue.head(Array(written.prefix(RecordValue.headLength)))
        try require(readHead?.expiresAt == record.expiresAt.milliseconds, "the head has another end than the record")
    }
}
