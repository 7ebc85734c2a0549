// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the parts of a record for ``SessionRecordCoder``; never over the end.
struct SessionRecordReader {
    /// Bytes that are no record.
    struct Malformed: Error {}

    var bytes: ArraySlice<UInt8>

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= self.bytes.count else { throw Malformed() }
        defer { self.bytes = self.bytes.dropFirst(count) }
        return self.bytes.prefix(count)
    }

    mutating func number() throws -> Int {
        guard let number = BigEndian.integer(try self.take(8)) else { throw Malformed() }
        return number
    }

    mutating func byteString() throws -> [UInt8] {
        Array(try self.take(try self.number()))
    }

    mutating func text() throws -> String {
        guard let text = String(validating: try self.byteString(), as: UTF8.self) else { throw Malformed() }
        return text
    }

    mutating func date() throws -> Date {
        Date(milliseconds: try self.number())
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
