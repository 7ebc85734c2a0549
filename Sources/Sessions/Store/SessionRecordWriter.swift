// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes the parts of a record for ``SessionRecordCoder``.
struct SessionRecordWriter {
    var bytes: [UInt8] = []

    init(capacity: Int) {
        self.bytes.reserveCapacity(capacity)
    }

    mutating func append(_ number: Int) {
        self.bytes.append(bigEndian: UInt64(bitPattern: Int64(number)))
    }

    mutating func append(_ string: [UInt8]) {
        self.append(string.count)
        self.bytes += string
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
