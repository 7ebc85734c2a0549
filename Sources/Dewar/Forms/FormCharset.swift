// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The character sets that a part of a form, or a parameter of a header, may be in.
///
/// The list is Werkzeug's (werkzeug/formparser.py:329-331): modern clients send UTF-8, and a longer list is a way to
/// smuggle text past checks.
enum FormCharset: Sendable, Hashable {
    case ascii, latin1, utf8

    /// The charset called `name`, in any case of letters, or nil when it is not allowed.
    init?(name: String) {
        switch name.lowercasedASCII {
        case "ascii", "us-ascii": self = .ascii
        case "iso-8859-1": self = .latin1
        case "utf-8": self = .utf8
        default: return nil
        }
    }

    /// The text of `bytes`, with U+FFFD for what the charset does not have.
    func decode(_ bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8:
            return String(decoding: bytes, as: UTF8.self)
        case .ascii:
            return String(decoding: bytes.map { $0 < 0x80 ? UInt16($0) : 0xFFFD }, as: UTF16.self)
        case .latin1:
            return String(decoding: bytes.map { UInt16($0) }, as: UTF16.self)
        }
    }
}
