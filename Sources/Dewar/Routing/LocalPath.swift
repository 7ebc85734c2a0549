// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Tells a path on this site from a link to another site.
///
/// A browser does not read a redirect's target as it is written: `//host` and `/\host` lead to another host, and the
/// browser removes tabs and line ends first. A proxy may also decode the target. So a path is accepted only in its
/// plainest form, the one that an application itself would send.
enum LocalPath {
    /// Whether the text is a path, with or without a query, that no browser takes for a link to another host.
    ///
    /// It begins with one slash, has no empty parts, and consists of visible ASCII without `\`. Decoded, it must not
    /// begin with `//` or `/\` either, or hold a control character.
    static func accepts(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let path = bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let decoded = PercentEncoding.decode(path)
        return bytes.allSatisfy(Self.isPlain) && path.first == Self.slash && !Self.hasEmptyPart(path)
            && !decoded.contains(where: \.isASCIIControl) && !(decoded.dropFirst().first.map(Self.isSlash) ?? false)
    }

    private static let slash = UInt8(ascii: "/")

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\\")
    }

    private static func hasEmptyPart(_ path: ArraySlice<UInt8>) -> Bool {
        zip(path, path.dropFirst()).contains { $0 == Self.slash && $1 == Self.slash }
    }

    /// Whether a browser takes the byte for a slash.
    private static func isSlash(_ byte: UInt8) -> Bool {
        byte == Self.slash || byte == UInt8(ascii: "\\")
    }
}
