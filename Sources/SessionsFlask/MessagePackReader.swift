// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads session values from MessagePack. Nothing that the bytes say of lengths is believed before it is checked.
struct MessagePackReader {
    /// The entries of a map, and the bytes that each value was read from.
    struct Entries {
        var values = SessionDictionary()
        var pieces: [[UInt8]: ArraySlice<UInt8>] = [:]
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) throws(FlaskRecordError) {
        guard bytes.count <= FlaskRecordError.maximumSize else { throw FlaskRecordError(.tooLarge) }
        self.bytes = bytes
    }

    /// Reads the one map that the bytes are, with every form of its values, the shortest or not.
    ///
    /// - Throws: ``FlaskRecordError`` for bytes that are no map, or more than one, or hold what a session cannot (an
    ///   extension other than a date, a list as a key), and beyond a limit.
    mutating func readEntries() throws(FlaskRecordError) -> Entries {
        let marker = try self.readByte()
        let count: Int
        switch marker {
        case 0x80...0x8F: count = Int(marker & 0x0F)
        case 0xDE, 0xDF: count = try self.readCount(width: marker == 0xDE ? 2 : 4)
        default: throw self.malformed
        }
        let entries = try self.readEntries(count: count)
        guard self.index == self.bytes.count else { throw self.malformed }
        return entries
    }

    // MARK: - Values

    /// An array or a map that has begun and not ended. They are kept in an array: a function that called itself for
    /// each level would overflow the small stacks that some threads have.
    private struct Container {
        let isList: Bool
        var left: Int
        var items: [SessionValue] = []
        var entries = SessionDictionary()
        /// Of the value that is being read.
        var key = ""

        mutating func append(_ value: SessionValue) {
            self.left -= 1
            if self.isList { self.items.append(value) } else { self.entries[self.key] = value }
        }

        var value: SessionValue { self.isList ? .list(self.items) : .dictionary(self.entries) }
    }

    /// Reads a value of the outermost map, with all that is in it.
    private mutating func readValue() throws(FlaskRecordError) -> SessionValue {
        var open: [Container] = []
        while true {
            guard var value = try self.begin(in: &open) else { continue }
            // A value is complete, and so may be what it is the last of.
            while let last = open.indices.last {
                open[last].append(value)
                guard open[last].left == 0 else { break }
                value = open.removeLast().value
            }
            guard !open.isEmpty else { return value }
            try self.readKey(in: &open)
        }
    }

    /// Reads a value; nil when it is an array or a map with something in it, which is open now.
    private mutating func begin(in open: inout [Container]) throws(FlaskRecordError) -> SessionValue? {
        try self.checkDepth(open.count + 1)
        let marker = try self.readByte()
        guard let (isList, count) = try self.readHead(marker) else { return try self.readScalar(marker) }
        // Each item has a byte at least, and each entry two: a count beyond what is left is a lie, and no room is made
        // for it.
        guard count <= (isList ? self.left : self.left / 2) else { throw self.malformed }
        guard count > 0 else { return isList ? .list([]) : .dictionary([:]) }
        open.append(Container(isList: isList, left: count))
        try self.readKey(in: &open)
        return nil
    }

    /// Whether an array or a map begins, and of how many values; nil for anything else.
    private mutating func readHead(_ marker: UInt8) throws(FlaskRecordError) -> (isList: Bool, count: Int)? {
        switch marker {
        case 0x80...0x8F, 0x90...0x9F: (marker >= 0x90, Int(marker & 0x0F))
        case 0xDC, 0xDD: (true, try self.readCount(width: marker == 0xDC ? 2 : 4))
        case 0xDE, 0xDF: (false, try self.readCount(width: marker == 0xDE ? 2 : 4))
        default: nil
        }
    }

    /// Reads the key before the next value of a map; in an array there is none.
    private mutating func readKey(in open: inout [Container]) throws(FlaskRecordError) {
        guard let last = open.indices.last, !open[last].isList else { return }
        try self.checkDepth(open.count + 1)
        open[last].key = try self.readKey()
    }

    private func checkDepth(_ depth: Int) throws(FlaskRecordError) {
        guard depth <= MessagePack.maximumDepth else { throw FlaskRecordError(.tooDeep, offset: self.index) }
    }

    private mutating func readScalar(_ marker: UInt8) throws(FlaskRecordError) -> SessionValue {
        switch marker {
        case 0x00...0x7F, 0xE0...0xFF: .int(Int(Int8(bitPattern: marker)))
        case 0xA0...0xBF: .string(try self.readText(count: Int(marker & 0x1F)))
        case 0xC0: .null
        case 0xC2, 0xC3: .bool(marker == 0xC3)
        case 0xC4...0xC6: .bytes(Array(try self.take(try self.readCount(width: 1 << Int(marker - 0xC4)))))
        case 0xC7...0xC9: try self.readExtension(count: try self.readCount(width: 1 << Int(marker - 0xC7)))
        case 0xCA: .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try self.readNumber(width: 4)))))
        case 0xCB: .double(Double(bitPattern: try self.readNumber(width: 8)))
        case 0xCC...0xCF: try self.readUnsigned(width: 1 << Int(marker - 0xCC))
        case 0xD0...0xD3: .int(try self.readSigned(width: 1 << Int(marker - 0xD0)))
        case 0xD4...0xD8: try self.readExtension(count: 1 << Int(marker - 0xD4))
        case 0xD9...0xDB: .string(try self.readText(count: try self.readCount(width: 1 << Int(marker - 0xD9))))
        default: throw self.malformed
        }
    }

    private mutating func readEntries(count: Int) throws(FlaskRecordError) -> Entries {
        guard count <= self.left / 2 else { throw self.malformed }
        var entries = Entries()
        for _ in 0..<count {
            let key = try self.readKey()
            let start = self.index
            entries.values[key] = try self.readValue()
            entries.pieces[Array(key.utf8)] = self.bytes[start..<self.index]
        }
        return entries
    }

    /// A key. Keys that are no text become the text that Flask makes of them in a cookie.
    private mutating func readKey() throws(FlaskRecordError) -> String {
        let start = self.index
        switch try self.readScalar(try self.readByte()) {
        case .string(let text): return text
        case .int(let value): return String(value)
        case .bigInteger(let value): return value.description
        case .double(let value): return PythonFloat.json(value)
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        default: throw FlaskRecordError(.malformed, offset: start)
        }
    }

    // MARK: - Numbers, text, extensions

    private mutating func readUnsigned(width: Int) throws(FlaskRecordError) -> SessionValue {
        let number = try self.readNumber(width: width)
        if let value = Int(exactly: number) { return .int(value) }
        guard let value = BigInteger(String(number)) else { throw self.malformed }
        return .bigInteger(value)
    }

    private mutating func readSigned(width: Int) throws(FlaskRecordError) -> Int {
        let shift = 64 - 8 * width
        return Int(Int64(bitPattern: try self.readNumber(width: width) << shift) >> shift)
    }

    private mutating func readText(count: Int) throws(FlaskRecordError) -> String {
        let start = self.index
        guard let text = String(validating: try self.take(count), as: UTF8.self) else {
            throw FlaskRecordError(.malformed, offset: start)
        }
        return text
    }

    /// An extension, which can only be a moment: Flask-Session writes no other, and a session could hold none.
    private mutating func readExtension(count: Int) throws(FlaskRecordError) -> SessionValue {
        let start = self.index
        let type = try self.readByte()
        guard type == MessagePackTimestamp.type, let time = MessagePackTimestamp(body: try self.take(count)) else {
            throw FlaskRecordError(.malformed, offset: start)
        }
        return .date(time.date)
    }

    // MARK: - Bytes

    private var left: Int { self.bytes.count - self.index }

    private mutating func readByte() throws(FlaskRecordError) -> UInt8 {
        guard self.index < self.bytes.count else { throw self.malformed }
        defer { self.index += 1 }
        return self.bytes[self.index]
    }

    private mutating func readCount(width: Int) throws(FlaskRecordError) -> Int {
        Int(try self.readNumber(width: width))
    }

    private mutating func readNumber(width: Int) throws(FlaskRecordError) -> UInt64 {
        BigEndian.number(try self.take(width))
    }

    private mutating func take(_ count: Int) throws(FlaskRecordError) -> ArraySlice<UInt8> {
        guard count <= self.left else { throw self.malformed }
        defer { self.index += count }
        return self.bytes[self.index..<(self.index + count)]
    }

    private var malformed: FlaskRecordError { FlaskRecordError(.malformed, offset: self.index) }
}

/// MessagePack as Flask-Session's serializer writes it (`flask_session/base.py`, with msgspec 0.22), for session
/// values.
///
/// | value | MessagePack |
/// |---|---|
/// | null, booleans, text, bytes | nil, bool, str, bin |
/// | integers from -2^63 to 2^64 - 1 | the shortest form; positive ones unsigned |
/// | doubles | float 64 |
/// | dates | timestamp extension (-1) in microseconds, the shortest form |
/// | lists, tuples | array; a tuple comes back as a list |
/// | dictionaries | map, in their own order |
/// | UUIDs | text with dashes, and so they come back |
/// | markup, larger integers | not at all |
///
/// (The MessagePack specification, github.com/msgpack/msgpack, `spec.md`.)
enum MessagePack {
    /// How deep arrays and maps may nest, in both directions; Python stops a little below 1000.
    static let maximumDepth = TaggedJSON.maximumDepth
}
