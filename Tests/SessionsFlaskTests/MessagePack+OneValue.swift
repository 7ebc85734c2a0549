// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Sessions
@testable import SessionsFlask
@testable import SessionsValues

/// A value by itself, written and read as the one entry of a record, whose name is empty.
extension MessagePack {
    private static let head: [UInt8] = [0x81, 0xA0]

    static func encode(_ value: SessionValue) throws -> [UInt8] {
        var writer = MessagePackWriter()
        writer.append(Self.head[...])
        try writer.write(value, depth: 1)
        return Array(try writer.finish().dropFirst(Self.head.count))
    }

    static func decode(_ bytes: [UInt8]) throws -> SessionValue? {
        var reader = try MessagePackReader(Self.head + bytes)
        return try reader.readEntries().values[""]
    }
}
