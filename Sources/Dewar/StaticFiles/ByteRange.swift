// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a `Range` field asks of a file (RFC 9110, section 14).
enum ByteRange: Equatable {
    /// The field is not there, or asks for nothing that is served in parts: the whole file, status 200.
    case whole
    /// One part that the file has: status 206.
    case part(Range<Int>)
    /// Bytes that the file does not have: status 416.
    case unsatisfiable

    /// - Parameters:
    ///   - fields: The lines of the field. Several ranges, another unit than `bytes`, and what cannot be read are
    ///     ignored, as a server may (section 14.2).
    ///   - size: The length of the file. An empty file has no parts and is sent whole, as in Flask: some clients ask
    ///     for a range of every file.
    init(_ fields: [String], size: Int) {
        guard size > 0, let (first, last) = Self.bounds(fields.joined(separator: ",")) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (nil, let count?): self = count > 0 ? .part(max(size - count, 0)..<size) : .unsatisfiable
        case (let first?, nil) where first < size: self = .part(first..<size)
        case (let first?, let last?) where first < size && first <= last: self = .part(first..<min(last, size - 1) + 1)
        default: self = .unsatisfiable
        }
    }

    /// The numbers before and after the dash; nil when there is not exactly one range of bytes.
    private static func bounds(_ text: String) -> (first: Int?, last: Int?)? {
        // By bytes: a sign beyond ASCII may make one character of itself and the sign before it.
        let bytes = text.utf8
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), text[..<equals].lowercased() == "bytes" else {
            return nil
        }
        let ranges = bytes[bytes.index(after: equals)...].split(separator: UInt8(ascii: ","))
            .map { $0.drop(while: Self.isBlank) }.filter { !$0.isEmpty }
        guard ranges.count == 1, let dash = ranges[0].firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let first = ranges[0][..<dash]
        let last = ranges[0][ranges[0].index(after: dash)...].prefix { !Self.isBlank($0) }
        let after = ranges[0][last.endIndex...]
        guard first.allSatisfy(\.isASCIIDigit), last.allSatisfy(\.isASCIIDigit), after.allSatisfy(Self.isBlank),
            !first.isEmpty || !last.isEmpty
        else { return nil }
        return (Self.number(first), Self.number(last))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// A number larger than any file counts as the largest there is.
    private static func number(_ digits: Substring.UTF8View) -> Int? {
        digits.isEmpty ? nil : Int(Substring(digits)) ?? Int.max
    }
}
