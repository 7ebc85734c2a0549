// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Percent-encoding over UTF-8 bytes (RFC 3986, section 2.1), with the set of bytes to leave alone chosen by the
/// caller.
@usableFromInline package enum PercentEncoding {
    /// The bytes that `encode` copies instead of writing as `%XX`.
    @usableFromInline package struct Allowed: Sendable {
        @usableFromInline let table: [Bool]

        /// Letters, digits and `_.-~` (the unreserved characters), and every ASCII character of `extra`.
        package init(unreservedAnd extra: String = "") {
            var table = [Bool](repeating: false, count: 256)
            for byte in UInt8.min...UInt8.max where Self.isUnreserved(byte) { table[Int(byte)] = true }
            for byte in extra.utf8 { table[Int(byte)] = true }
            self.table = table
        }

        @inlinable
        package func contains(_ byte: UInt8) -> Bool {
            self.table[Int(byte)]
        }

        private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-._~") }
    }

    /// The bytes that Werkzeug does not encode in a form and in a query (werkzeug/urls.py:200), and the space, which
    /// becomes "+".
    private static let plainInForm = Allowed(unreservedAnd: "!$'()*,/:;?@ ")

    /// A name or a value of a form or a query.
    package static func formText(_ text: String) -> String {
        let bytes = Self.encode(text, allowing: Self.plainInForm).utf8
        return String(decoding: bytes.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "+") : $0 }, as: UTF8.self)
    }

    /// Writes the UTF-8 bytes of `text`, each byte outside `allowed` as `%` and two upper-case hex digits.
    package static func encode(_ text: String, allowing allowed: Allowed) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if allowed.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(Self.hexDigit(byte >> 4))
                bytes.append(Self.hexDigit(byte & 0x0F))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Turns every `%XX` into its byte. A `%` without two hex digits after it stays as it is.
    @inlinable
    package static func decode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            if input[index] == UInt8(ascii: "%"), index + 2 < input.count,
                let high = Self.hexValue(input[index + 1]), let low = Self.hexValue(input[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(input[index])
                index += 1
            }
        }
        return output
    }

    /// The value of one hex digit, or nil for any other byte.
    @inlinable
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
