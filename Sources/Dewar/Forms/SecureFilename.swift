// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Turns a client's filename into one that is safe to store under.
///
/// Same result as `werkzeug.utils.secure_filename` (werkzeug/utils.py:197-232) on a POSIX system.
enum SecureFilename {
    static func make(_ filename: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in filename.unicodeScalars {
            for byte in CompatibilityASCII.bytes(for: scalar) {
                if Self.isSeparator(byte) {
                    words.append([])
                } else {
                    words[words.count - 1].append(byte)
                }
            }
        }
        // Empty words are removed before unsafe characters: "a ( b" keeps both of its underscores.
        let joined = words.filter { !$0.isEmpty }.joined(separator: [UInt8(ascii: "_")])
        return String(decoding: Self.trimmed(joined.filter(Self.isSafe)), as: UTF8.self)
    }

    /// ASCII white space as Python splits on it, and the slash.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09...0x0D, 0x1C...0x20, UInt8(ascii: "/"): true
        default: false
        }
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        func isEdge(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") }
        let tail = bytes.drop(while: isEdge)
        guard let last = tail.lastIndex(where: { !isEdge($0) }) else { return [] }
        return tail[...last]
    }
}
