// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The `application/x-www-form-urlencoded` format, in form bodies and in query strings.
///
/// Reads and writes as Werkzeug does with Python's `parse_qsl` and `urlencode` (werkzeug/formparser.py:270-289,
/// werkzeug/sansio/request.py:158-177, werkzeug/urls.py:198-203).
package enum URLEncodedForm {
    /// Reads a body or a query string (without its question mark); nil when the bytes are not UTF-8.
    ///
    /// Flask takes a body that is not UTF-8 as an empty form, and answers such a query string with status 500 when the
    /// handler asks for its arguments. Only `&` separates fields; a name without `=` has an empty value; bytes that are
    /// not UTF-8 after percent-decoding stay percent-encoded, in upper case.
    package static func parse(_ bytes: [UInt8]) -> MultiDictionary? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        let pairs = bytes.split(separator: UInt8(ascii: "&")).map { field -> (String, String) in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return (Self.decode(field), "") }
            return (Self.decode(field[..<equals]), Self.decode(field[(equals + 1)...]))
        }
        return MultiDictionary(pairs)
    }

    /// Writes `pairs` as a form body or a query string.
    package static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(PercentEncoding.formText($0.0))=\(PercentEncoding.formText($0.1))" }.joined(separator: "&")
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        let spaced = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        let decoded = spaced.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(spaced) : spaced
        return String(validating: decoded, as: UTF8.self) ?? Self.keepingInvalidEncoded(decoded)
    }

    /// The text of `bytes`, with every byte that is not part of valid UTF-8 as `%XX`.
    private static func keepingInvalidEncoded(_ bytes: [UInt8]) -> String {
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                text.unicodeScalars.append(Unicode.UTF8.decode(encoded))
                position += encoded.count
            case .error(let length):
                for byte in bytes[position..<(position + length)] {
                    // Never below 0x80, so always two digits.
                    text += "%" + String(byte, radix: 16, uppercase: true)
                }
                position += length
            case .emptyInput:
                return text
            }
        }
    }
}
