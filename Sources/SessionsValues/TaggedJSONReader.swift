// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// Reads tagged or plain JSON from UTF-8 bytes with the grammar of Python's `json` module.
package struct TaggedJSONReader {
    private let bytes: [UInt8]
    private let isTagged: Bool
    private let readsLater: Bool
    private var index: Int
    private var untagging = Untagging()

    /// - Parameters:
    ///   - start: How many bytes of ASCII stand before the text.
    ///   - isTagged: False reads an object that looks like a tagged value as a dictionary.
    ///   - readsLater: Whether values of the session may be decoded when something asks for them.
    package init(
        _ bytes: [UInt8], from start: Int = 0, isTagged: Bool = true, readsLater: Bool = true
    ) throws(TaggedJSONError) {
        let allBits = bytes.reduce(0) { $0 | $1 }
        guard allBits < 0x80 || String(validating: bytes, as: UTF8.self) != nil else {
            throw TaggedJSONError(.malformed)
        }
        self.bytes = bytes
        self.index = start
        self.isTagged = isTagged
        self.readsLater = readsLater && isTagged
    }

    /// A list or dictionary whose end has not been read. The open ones are kept in an array: a recursive function would
    /// overflow the small stacks of some threads.
    private struct Container {
        let isList: Bool
        var items: [SessionValue] = []
        var entries: SessionDictionary
        /// The key of the value that is being read.
        var key = ""

        /// - Parameter isOuter: Whether it may be the session, which gets room for its entries.
        init(isList: Bool, isOuter: Bool) {
            self.isList = isList
            self.entries = isOuter && !isList ? .withRoom : SessionDictionary()
        }

        mutating func append(_ entry: SessionEntry) {
            switch entry {
            case _ where self.isList: self.items.append(entry.value)
            case .value(let value): self.entries[self.key] = value
            case .text(let text, _): self.entries.set(self.key, text: text)
            }
        }
    }

    /// Reads the one value of the text. Only white space may stand around it.
    package mutating func readDocument() throws(TaggedJSONError) -> SessionValue {
        var open: [Container] = []
        self.skipSpace()
        while true {
            guard var entry = try self.begin(in: &open) else { continue }
            self.skipSpace()
            // The value is complete. If it is the last one of its container, the container is complete too.
            while let last = open.indices.last {
                open[last].append(entry)
                guard self.take(open[last].isList ? UInt8(ascii: "]") : UInt8(ascii: "}")) else { break }
                entry = .value(try self.finished(open.removeLast()))
                self.skipSpace()
            }
            guard !open.isEmpty else {
                guard self.index == self.bytes.count else { throw self.malformed }
                return entry.value
            }
            guard self.take(UInt8(ascii: ",")) else { throw self.malformed }
            self.skipSpace()
            try self.readKey(in: &open)
        }
    }

    // MARK: - Values

    /// Passes over a value of the session, if it can be decoded when something asks for it: one of the outermost
    /// dictionary, or of the dictionary in an outermost list (the format `.signed`).
    private mutating func readLater(in open: [Container]) -> SessionEntry? {
        guard self.readsLater, let last = open.last, !last.isList,
            open.count == 1 || (open.count == 2 && open[0].isList),
            let end = CanonicalJSON.end(ofValueAt: self.index, in: self.bytes.span)
        else { return nil }
        defer { self.index = end }
        return .text(self.bytes[self.index..<end], decoded: nil)
    }

    /// Reads a value; nil for a list or dictionary that is not empty, which is then open.
    private mutating func begin(in open: inout [Container]) throws(TaggedJSONError) -> SessionEntry? {
        if let entry = self.readLater(in: open) { return entry }
        guard open.count <= TaggedJSON.maximumDepth else { throw TaggedJSONError(.tooDeep, offset: self.index) }
        let isList = self.current == UInt8(ascii: "[")
        guard isList || self.current == UInt8(ascii: "{") else { return .value(try self.readScalar()) }
        self.index += 1
        self.skipSpace()
        if self.take(isList ? UInt8(ascii: "]") : UInt8(ascii: "}")) {
            return .value(isList ? .list([]) : .dictionary([:]))
        }
        open.append(Container(isList: isList, isOuter: open.count <= 1))
        try self.readKey(in: &open)
        return nil
    }

    /// Reads the key before the next value of a dictionary; does nothing in a list.
    private mutating func readKey(in open: inout [Container]) throws(TaggedJSONError) {
        guard let last = open.indices.last, !open[last].isList else { return }
        guard self.current == UInt8(ascii: "\"") else { throw self.malformed }
        open[last].key = try self.readString()
        self.skipSpace()
        guard self.take(UInt8(ascii: ":")) else { throw self.malformed }
        self.skipSpace()
    }

    private mutating func finished(_ container: Container) throws(TaggedJSONError) -> SessionValue {
        if container.isList { return .list(container.items) }
        return self.isTagged ? try self.untagging.value(of: container.entries) : .dictionary(container.entries)
    }

    private mutating func readScalar() throws(TaggedJSONError) -> SessionValue {
        switch self.current {
        case UInt8(ascii: "\""): return .string(try self.readString())
        case UInt8(ascii: "n"): return try self.read("null", as: .null)
        case UInt8(ascii: "t"): return try self.read("true", as: .bool(true))
        case UInt8(ascii: "f"): return try self.read("false", as: .bool(false))
        case UInt8(ascii: "N"): return try self.read("NaN", as: .double(.nan))
        case UInt8(ascii: "I"): return try self.read("Infinity", as: .double(.infinity))
        case UInt8(ascii: "-") where self.byte(after: 1) == UInt8(ascii: "I"):
            return try self.read("-Infinity", as: .double(-.infinity))
        default: return try self.readNumber()
        }
    }

    private mutating func read(_ word: String, as value: SessionValue) throws(TaggedJSONError) -> SessionValue {
        let end = self.index + word.utf8.count
        guard end <= self.bytes.count, self.bytes[self.index..<end].elementsEqual(word.utf8) else {
            throw self.malformed
        }
        self.index = end
        return value
    }

    // MARK: - Numbers

    private mutating func readNumber() throws(TaggedJSONError) -> SessionValue {
        let start = self.index
        _ = self.take(UInt8(ascii: "-"))
        // A number with a leading zero ends there: in "01" the "1" is left over, and an error.
        if !self.take(UInt8(ascii: "0")), self.skipDigits() == 0 { throw self.malformed }
        let isFraction = self.skipFraction()
        let isExponent = self.skipExponent()
        let text = String(decoding: self.bytes[start..<self.index], as: UTF8.self)
        if isFraction || isExponent {
            guard let value = Double(text) else { throw self.malformed }
            return .double(value)
        }
        if let value = Int(text) { return .int(value) }
        guard let value = BigInteger(text) else { throw self.malformed }
        return .bigInteger(value)
    }

    private mutating func skipFraction() -> Bool {
        guard self.current == UInt8(ascii: "."), Self.isDigit(self.byte(after: 1)) else { return false }
        self.index += 1
        self.skipDigits()
        return true
    }

    private mutating func skipExponent() -> Bool {
        guard self.current == UInt8(ascii: "e") || self.current == UInt8(ascii: "E") else { return false }
        let sign = self.byte(after: 1)
        let length = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? 2 : 1
        guard Self.isDigit(self.byte(after: length)) else { return false }
        self.index += length
        self.skipDigits()
        return true
    }

    @discardableResult
    private mutating func skipDigits() -> Int {
        let start = self.index
        while Self.isDigit(self.current) { self.index += 1 }
        return self.index - start
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte.isASCIIDigit
    }

    // MARK: - Text

    private mutating func readString() throws(TaggedJSONError) -> String {
        self.index += 1
        let start = self.index
        while let byte = self.current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw self.malformed }
            self.index += 1
        }
        let plain = self.bytes[start..<self.index]
        if self.take(UInt8(ascii: "\"")) { return String(decoding: plain, as: UTF8.self) }
        return try self.readEscapedString(after: Array(plain))
    }

    private mutating func readEscapedString(after start: [UInt8]) throws(TaggedJSONError) -> String {
        var text = start
        while let byte = self.current {
            self.index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try self.readEscape(into: &text)
            case 0..<0x20: throw self.malformed
            default: text.append(byte)
            }
        }
        throw self.malformed
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(TaggedJSONError) {
        guard let byte = self.current else { throw self.malformed }
        self.index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try self.readScalar()).utf8))
        default: throw self.malformed
        }
    }

    /// The code point of a `\u` escape, or of two that make a surrogate pair; half a pair becomes U+FFFD.
    private mutating func readScalar() throws(TaggedJSONError) -> Unicode.Scalar {
        let unit = try self.readHexUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let isPairPossible =
            UTF16.isLeadSurrogate(unit) && self.current == UInt8(ascii: "\\")
            && self.byte(after: 1) == UInt8(ascii: "u")
        guard isPairPossible else { return "\u{FFFD}" }
        let afterFirst = self.index
        self.index += 2
        let second = try self.readHexUnit()
        guard UTF16.isTrailSurrogate(second) else {
            self.index = afterFirst
            return "\u{FFFD}"
        }
        return UTF16.decode(UTF16.EncodedScalar([unit, second]))
    }

    private mutating func readHexUnit() throws(TaggedJSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.current, let digit = PercentEncoding.hexValue(byte) else { throw self.malformed }
            unit = unit << 4 | UInt16(digit)
            self.index += 1
        }
        return unit
    }

    // MARK: - Bytes

    private var current: UInt8? {
        self.index < self.bytes.count ? self.bytes[self.index] : nil
    }

    private func byte(after distance: Int) -> UInt8? {
        self.index + distance < self.bytes.count ? self.bytes[self.index + distance] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.current == byte else { return false }
        self.index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = self.current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { self.index += 1 }
    }

    private var malformed: TaggedJSONError { TaggedJSONError(.malformed, offset: self.index) }
}
