// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes session values in the forms that msgspec chooses.
struct MessagePackWriter {
    private var output: [UInt8] = []
    /// The lists and dictionaries around the value that is being written.
    private var containers: [OpenContainer] = []

    /// What was written, if it is not too large.
    func finish() throws(FlaskRecordError) -> [UInt8] {
        guard self.output.count <= FlaskRecordError.maximumSize else { throw FlaskRecordError(.tooLarge) }
        return self.output
    }

    /// - Throws: ``FlaskRecordError`` for a value that Flask-Session could not store, or that nests too deep.
    mutating func write(_ value: SessionValue, depth: Int) throws(FlaskRecordError) {
        try self.begin(value, depth: depth)
        while let last = self.containers.indices.last {
            guard let (key, value) = self.containers[last].next() else {
                self.containers.removeLast()
                continue
            }
            if let key { self.write(key) }
            try self.begin(value, depth: self.containers[last].depth)
        }
    }

    /// Writes a value without what is in it, which is left open.
    private mutating func begin(_ value: SessionValue, depth: Int) throws(FlaskRecordError) {
        guard depth <= MessagePack.maximumDepth else { throw FlaskRecordError(.tooDeep) }
        switch value {
        case .null: self.output.append(0xC0)
        case .bool(let value): self.output.append(value ? 0xC3 : 0xC2)
        case .int(let value): self.write(value)
        case .bigInteger(let value):
            guard let number = UInt64(value.description) else { throw FlaskRecordError(.integerOutOfRange) }
            self.append(0xCF, number, width: 8)
        case .double(let value): self.append(0xCB, value.bitPattern, width: 8)
        case .string(let text): self.write(text)
        case .uuid(let uuid): self.write(uuid.uuidString.lowercased())
        case .markup: throw FlaskRecordError(.markup)
        case .bytes(let bytes):
            self.writeHead(bytes.count, short: nil, long: [(1, 0xC4), (2, 0xC5), (4, 0xC6)])
            self.output += bytes
        case .date(let date):
            guard let time = MessagePackTimestamp(date) else { throw FlaskRecordError(.dateOutOfRange) }
            self.output += time.bytes
        case .list(let items), .tuple(let items):
            self.writeHead(items.count, short: (15, 0x90), long: [(2, 0xDC), (4, 0xDD)])
            self.containers.append(OpenContainer(items, depth: depth + 1))
        case .dictionary(let entries):
            self.writeMapHead(entries.count)
            self.containers.append(OpenContainer(Array(entries), depth: depth + 1))
        }
    }

    mutating func writeMapHead(_ count: Int) {
        self.writeHead(count, short: (15, 0x80), long: [(2, 0xDE), (4, 0xDF)])
    }

    mutating func write(_ text: String) {
        let bytes = text.utf8
        self.writeHead(bytes.count, short: (31, 0xA0), long: [(1, 0xD9), (2, 0xDA), (4, 0xDB)])
        self.output.append(contentsOf: bytes)
    }

    /// Appends bytes that are a value already.
    mutating func append(_ written: ArraySlice<UInt8>) {
        self.output += written
    }

    // MARK: - Numbers

    private mutating func write(_ value: Int) {
        switch value {
        case 0...0x7F, -32..<0: self.output.append(UInt8(truncatingIfNeeded: value))
        case 0...0xFF: self.append(0xCC, UInt64(value), width: 1)
        case 0...0xFFFF: self.append(0xCD, UInt64(value), width: 2)
        case 0...0xFFFF_FFFF: self.append(0xCE, UInt64(value), width: 4)
        case 0...: self.append(0xCF, UInt64(value), width: 8)
        case (-0x80)...: self.append(0xD0, UInt64(truncatingIfNeeded: value), width: 1)
        case (-0x8000)...: self.append(0xD1, UInt64(truncatingIfNeeded: value), width: 2)
        case (-0x8000_0000)...: self.append(0xD2, UInt64(truncatingIfNeeded: value), width: 4)
        default: self.append(0xD3, UInt64(truncatingIfNeeded: value), width: 8)
        }
    }

    /// The head of what has a length: in one byte up to the short limit, else with the first width that it fits.
    private mutating func writeHead(
        _ count: Int, short: (limit: Int, marker: UInt8)?, long: [(width: Int, marker: UInt8)]
    ) {
        if let short, count <= short.limit {
            self.output.append(short.marker | UInt8(truncatingIfNeeded: count))
            return
        }
        // Lengths over 32 bits are far over the largest record, which `finish` refuses.
        guard let (width, marker) = long.first(where: { $0.width == 4 || count >> (8 * $0.width) == 0 }) else { return }
        self.append(marker, UInt64(count), width: width)
    }

    private mutating func append(_ marker: UInt8, _ number: UInt64, width: Int) {
        self.output.append(marker)
        self.output.append(bigEndian: number, width: width)
    }
}
