// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The cookies of a request.
///
/// A pair ends at the next `;`, whatever stands around it, as in every browser (RFC 6265, section 4.2.1): a cookie that
/// another application planted, `lang="a`, cannot swallow the session that follows. Spaces and tabs around names and
/// values are removed. The rest follows Werkzeug 3.1 (`werkzeug/sansio/http.py:96-166`): within double quotes a
/// backslash and three octal digits are one byte of UTF-8, nothing is percent-decoded, and bytes above 127 are Latin-1,
/// one character each. Nothing is an error: text that is not a cookie is skipped. The HTTP server limits the size; this
/// type does not.
///
/// ```swift
/// let cookies = CookieHeader(["theme=dark; session=abc"])
/// let token = cookies.first("session")  // "abc"
/// ```
package struct CookieHeader: Sendable {
    private let bytes: [UInt8]

    /// The cookies of a request's `Cookie` fields, in order; several fields count as one, joined by `;`.
    ///
    /// The UTF-8 bytes of the strings are taken for the bytes on the wire.
    package init(_ fieldValues: [String]) {
        guard fieldValues.count > 1 else {
            self.bytes = fieldValues.first.map { Array($0.utf8) } ?? []
            return
        }
        self.bytes = Array(fieldValues.map { $0.utf8 }.joined(separator: ";".utf8))
    }

    /// The cookies of one `Cookie` field, given as the bytes on the wire.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// All cookies in the order sent, repeated names included.
    package var pairs: [(name: String, value: String)] {
        CookiePairs(bytes: self.bytes).map { (Self.text(self.bytes[$0.name]), Self.value(self.bytes[$0.value])) }
    }

    /// The value of the first cookie of this name, even when it is empty and a later one is not; nil when there is
    /// none.
    package func first(_ name: String) -> String? {
        self.values(name, limit: 1).first
    }

    /// The values of all cookies of this name, in the order sent.
    package func all(_ name: String) -> [String] {
        self.values(name, limit: .max)
    }

    private func values(_ name: String, limit: Int) -> [String] {
        self.tokens(CookieName(name), limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of the first cookies of this name, in the order sent, as UTF-8.
    ///
    /// - Parameter limit: How many values at most.
    package func tokens(_ name: CookieName, limit: Int) -> [ArraySlice<UInt8>] {
        guard let name = name.bytes else { return [] }
        var tokens: [ArraySlice<UInt8>] = []
        for pair in CookiePairs(bytes: self.bytes) where self.bytes[pair.name].elementsEqual(name) {
            let raw = self.bytes[pair.value]
            // A token is usually bare ASCII, and need not be copied.
            tokens.append(Self.isBare(raw) ? raw : ArraySlice(Self.value(raw).utf8))
            if tokens.count == limit { break }
        }
        return tokens
    }

    /// Replaces the backslash escapes of a quoted value, given as its UTF-8 bytes without the quotes. Bytes that are
    /// then not UTF-8 become U+FFFD.
    package static func unescape(_ bytes: some Collection<UInt8>) -> String {
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
    private static func isBare(_ raw: ArraySlice<UInt8>) -> Bool {
        raw.first != UInt8(ascii: "\"") && raw.reduce(0) { $0 | $1 } < 0x80
    }

    private static func value(_ raw: ArraySlice<UInt8>) -> String {
        let quote = UInt8(ascii: "\"")
        guard raw.count >= 2, raw.first == quote, raw.last == quote else { return Self.text(raw) }
        return Self.unescape(Self.text(raw.dropFirst().dropLast()).utf8)
    }

    private static func text(_ latin1: ArraySlice<UInt8>) -> String {
        if latin1.allSatisfy({ $0 < 0x80 }) { return String(decoding: latin1, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        for byte in latin1 { text.append(Unicode.Scalar(byte)) }
        return String(text)
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

/// The name of a cookie as a request spells it.
package struct CookieName: Sendable {
    /// Latin-1; nil when a character is beyond that, so that no cookie can have this name.
    fileprivate let bytes: [UInt8]?

    package init(_ name: String) {
        let bytes = name.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        self.bytes = bytes.count == name.unicodeScalars.count ? bytes : nil
    }
}

/// The places of each name and value in the bytes of a header.
private struct CookiePairs: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        while self.position < self.bytes.count {
            let start = self.position
            let nameEnd = self.firstIndex(of: UInt8(ascii: "="), or: UInt8(ascii: ";"), from: start)
            let end = self.firstIndex(of: UInt8(ascii: ";"), or: UInt8(ascii: ";"), from: nameEnd)
            self.position = end + 1
            let name = self.trim(start..<nameEnd)
            // A name without a "=" has an empty value.
            if !name.isEmpty { return (name, self.trim(Swift.min(nameEnd + 1, end)..<end)) }
        }
        return nil
    }

    /// The index of the first byte that equals either of the two, or the end of the header. Reads eight bytes at a
    /// time.
    private func firstIndex(of one: UInt8, or other: UInt8, from start: Int) -> Int {
        let (ones, highBits) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        // A byte times 0x01…01 is that byte eight times: no product of a byte overflows.
        let (oneMask, otherMask) = (ones * UInt64(one), ones * UInt64(other))
        let bytes = unsafe self.bytes.span.bytes
        var index = start
        while index + 8 <= bytes.byteCount {
            // Any eight bytes are a number, and RawSpan checks that there are eight.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            // A byte of the XOR is zero where the bytes are equal; the lowest bit that is left marks the first such
            // byte. The subtraction is meant to wrap where the lowest byte is zero.
            let (left, right) = (word ^ oneMask, word ^ otherMask)
            let zeros = ((left &- ones) & ~left | (right &- ones) & ~right) & highBits
            if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < self.bytes.count, self.bytes[index] != one, self.bytes[index] != other { index += 1 }
        return index
    }

    private func trim(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isSpace(self.bytes[start]) { start += 1 }
        while end > start, Self.isSpace(self.bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
