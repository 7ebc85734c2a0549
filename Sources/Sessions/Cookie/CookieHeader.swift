// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The cookies of a request, read as a Flask app reads them.
///
/// Follows Werkzeug 3.1 (`werkzeug/sansio/http.py:96-166`): pairs end at `;`, a value in double quotes may hold `;`,
/// inside the quotes a backslash and three octal digits are one byte of UTF-8, nothing is percent-decoded. Bytes
/// above 127 are Latin-1, one character each. Nothing is an error: what is no cookie is passed over. No size limit
/// applies here; the HTTP server has its own.
///
/// ```swift
/// let cookies = CookieHeader(["theme=dark; session=abc"])
/// let token = cookies.first("session")  // "abc"
/// ```
public struct CookieHeader: Sendable {
    private let bytes: [UInt8]

    /// The cookies of a request's `Cookie` fields, in order; several fields count as one, joined by `;`.
    ///
    /// The UTF-8 bytes of the strings are taken for the bytes on the wire.
    public init(_ fieldValues: [String]) {
        guard fieldValues.count > 1 else {
            self.bytes = fieldValues.first.map { Array($0.utf8) } ?? []
            return
        }
        self.bytes = Array(fieldValues.map { $0.utf8 }.joined(separator: ";".utf8))
    }

    /// The cookies of one `Cookie` field, given as the bytes on the wire.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// All cookies in the order sent, repeated names included.
    public var pairs: [(name: String, value: String)] {
        self.bytes.withUnsafeBufferPointer { bytes in
            var scanner = PairScanner(bytes: bytes)
            var pairs: [(name: String, value: String)] = []
            while let pair = scanner.next() {
                pairs.append((Self.text(bytes[pair.name]), Self.value(bytes[pair.value])))
            }
            return pairs
        }
    }

    /// The value of the first cookie of this name, even when it is empty and a later one is not; nil when there is
    /// none.
    public func first(_ name: String) -> String? {
        self.bytes.withUnsafeBufferPointer { bytes in
            Self.withLatin1(name) { name in
                var scanner = PairScanner(bytes: bytes)
                while let pair = scanner.next() {
                    if Self.areEqual(bytes[pair.name], name) { return Self.value(bytes[pair.value]) }
                }
                return nil
            }
        }
    }

    /// The values of all cookies of this name, in the order sent.
    public func all(_ name: String) -> [String] {
        self.bytes.withUnsafeBufferPointer { bytes in
            Self.withLatin1(name) { name in
                var scanner = PairScanner(bytes: bytes)
                var values: [String] = []
                while let pair = scanner.next() {
                    if Self.areEqual(bytes[pair.name], name) { values.append(Self.value(bytes[pair.value])) }
                }
                return values
            } ?? []
        }
    }

    /// Replaces the backslash escapes of a quoted value (its UTF-8 bytes, without the quotes); what is then not UTF-8
    /// becomes U+FFFD.
    static func unescape(_ bytes: some Collection<UInt8>) -> String {
        let input = Array(bytes)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            let next = index + 1
            if input[index] != UInt8(ascii: "\\") || next == input.count || input[next] == UInt8(ascii: "\n") {
                output.append(input[index])
                index = next
            } else if let byte = Self.octal(input[next...].prefix(3)) {
                output.append(byte)
                index = next + 3
            } else {
                output.append(input[next])
                index = next + 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension CookieHeader {
    private typealias Slice = UnsafeBufferPointer<UInt8>.SubSequence

    /// Runs `body` with the name as Latin-1 bytes; nil when a character is beyond Latin-1, so that no cookie can match.
    private static func withLatin1<Result>(
        _ name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Result? {
        var name = name
        return name.withUTF8 { utf8 in
            if Self.isASCII(utf8) { return body(utf8) }
            let scalars = String(decoding: utf8, as: UTF8.self).unicodeScalars
            let bytes = scalars.compactMap { UInt8(exactly: $0.value) }
            return bytes.count == scalars.count ? bytes.withUnsafeBufferPointer(body) : nil
        }
    }

    private static func areEqual(_ left: Slice, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var index = left.startIndex
        for byte in right {
            if left[index] != byte { return false }
            index &+= 1
        }
        return true
    }

    private static func value(_ raw: Slice) -> String {
        let quote = UInt8(ascii: "\"")
        guard raw.count >= 2, raw.first == quote, raw.last == quote else { return Self.text(raw) }
        return Self.unescape(Self.text(raw.dropFirst().dropLast()).utf8)
    }

    private static func text(_ latin1: Slice) -> String {
        let buffer = UnsafeBufferPointer(rebasing: latin1)
        if Self.isASCII(buffer) { return String(decoding: buffer, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        for byte in latin1 { text.append(Unicode.Scalar(byte)) }
        return String(text)
    }

    private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        return union < 0x80
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 3, let first = digits.first, first <= UInt8(ascii: "3") else { return nil }
        var byte: UInt8 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            byte = byte << 3 | (digit - UInt8(ascii: "0"))
        }
        return byte
    }
}

/// Finds one name and value after the other in the bytes of a header, without copying.
private struct PairScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        while self.position < self.bytes.count {
            let nameEnd = self.firstIndex(of: UInt8(ascii: "="), or: UInt8(ascii: ";"), from: self.position)
            let name = self.trim(self.position..<nameEnd)
            guard let (value, end) = self.value(after: nameEnd) else {
                // A line feed inside a value ends Werkzeug's match; it goes on behind the "=".
                self.position = nameEnd &+ 1
                continue
            }
            self.position = end &+ 1
            if !name.isEmpty { return (name, value) }
        }
        return nil
    }

    /// The place of the first byte that is one of the two, or the end of the header; looks at eight bytes at a time.
    @inline(__always)
    private func firstIndex(of one: UInt8, or other: UInt8, from start: Int) -> Int {
        var index = start
        let (ones, highBits) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        let (oneMask, otherMask) = (ones &* UInt64(one), ones &* UInt64(other))
        let raw = UnsafeRawBufferPointer(self.bytes)
        while index &+ 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // A byte of the difference is zero where the bytes are equal; the lowest bit left marks the first one.
            let (left, right) = (word ^ oneMask, word ^ otherMask)
            let zeros = (left &- ones) & ~left | (right &- ones) & ~right
            if zeros & highBits != 0 { return index &+ (zeros & highBits).trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < raw.count, raw[index] != one, raw[index] != other { index &+= 1 }
        return index
    }

    /// The trimmed value and the place of the `;` (or the end of the header) behind it.
    private func value(after nameEnd: Int) -> (value: Range<Int>, end: Int)? {
        guard nameEnd < self.bytes.count, self.bytes[nameEnd] == UInt8(ascii: "=") else {
            return (nameEnd..<nameEnd, nameEnd)
        }
        let start = self.skipSpace(from: nameEnd &+ 1)
        if start < self.bytes.count, self.bytes[start] == UInt8(ascii: "\""), let quoted = self.quoted(from: start) {
            return quoted
        }
        guard let end = self.endOfRawValue(from: start) else { return nil }
        return (self.trim(start..<end), end)
    }

    /// A value in quotes, if the closing one is followed by the end of the pair.
    private func quoted(from start: Int) -> (value: Range<Int>, end: Int)? {
        var index = start &+ 1
        while index < self.bytes.count {
            switch self.bytes[index] {
            case UInt8(ascii: "\""):
                let end = self.skipSpace(from: index &+ 1)
                guard end == self.bytes.count || self.bytes[end] == UInt8(ascii: ";") else { return nil }
                return (start..<(index &+ 1), end)
            case UInt8(ascii: "\\"):
                index &+= 1
                if index < self.bytes.count, self.bytes[index] == UInt8(ascii: "\n") { return nil }
            default: break
            }
            index &+= 1
        }
        return nil
    }

    private func endOfRawValue(from start: Int) -> Int? {
        let index = self.firstIndex(of: UInt8(ascii: ";"), or: UInt8(ascii: "\n"), from: start)
        guard index < self.bytes.count, self.bytes[index] == UInt8(ascii: "\n") else { return index }
        let end = self.skipSpace(from: index)
        return end == self.bytes.count || self.bytes[end] == UInt8(ascii: ";") ? end : nil
    }

    private func skipSpace(from start: Int) -> Int {
        var index = start
        while index < self.bytes.count, Self.isSpace(self.bytes[index]) { index &+= 1 }
        return index
    }

    private func trim(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isTrimmed(self.bytes[start]) { start &+= 1 }
        while end > start, Self.isTrimmed(self.bytes[end &- 1]) { end &-= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// Python's `str.strip` knows four more separators, NEL and the no-break space.
    private static func isTrimmed(_ byte: UInt8) -> Bool {
        if byte > 0x20 && byte < 0x80 { return false }
        return Self.isSpace(byte) || (byte >= 0x1C && byte <= 0x1F) || byte == 0x85 || byte == 0xA0
    }
}
