// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A URL cut into its parts as Python's `urllib.parse.urlsplit` does, without decoding anything.
struct LocationParts {
    /// The schemes whose URLs always have an authority, be it an empty one; "" is a relative URL, which may lack it.
    static let schemesWithAuthority: Set<String> = [
        "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp", "snews", "prospero",
        "rtsp", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git", "git+ssh", "ws", "wss", "itms-services",
    ]

    private(set) var scheme = ""
    private(set) var authority = ""
    let path: String
    private(set) var query = ""
    private(set) var fragment = ""

    /// Drops controls and spaces at the start, and tabs and line ends everywhere.
    init(splitting text: String) {
        let bytes = text.utf8.drop { $0 <= 0x20 }.filter { ![0x09, 0x0A, 0x0D].contains($0) }
        var rest = bytes[...]
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<colon]) {
            self.scheme = Self.string(rest[..<colon]).lowercased()
            rest = rest[(colon + 1)...]
        }
        if rest.starts(with: "//".utf8) {
            let content = rest.dropFirst(2)
            let end = content.firstIndex { "/?#".utf8.contains($0) } ?? content.endIndex
            self.authority = Self.string(content[..<end])
            rest = content[end...]
        }
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            self.fragment = Self.string(rest[(hash + 1)...])
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            self.query = Self.string(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        self.path = Self.string(rest)
    }

    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first.isASCIILetter else { return false }
        return bytes.allSatisfy { $0.isASCIILetterOrDigit(or: "+-.") }
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
