// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Dewar

extension FuzzTarget {
    static let filename = FuzzTarget("filename", "the name that a visitor gives to a file") { input in
        let name = SecureFilename.make(input.text)
        try require(name.utf8.allSatisfy(Self.isSafe), "a name has the bytes \(Array(name.utf8))")
        for edge in [".", "_"] {
            try require(!name.hasPrefix(edge) && !name.hasSuffix(edge), "a name begins or ends with \(edge)")
        }
        try require(SecureFilename.make(name) == name, "a safe name is not safe enough")
        // In a folder that the visitor names too, it is the same name behind that folder's.
        try require(SecureFilename.make("../\(input.text)") == name, "dots and a slash in front make another name")
        let ascii = input.filter { $0 < 0x80 }
        try require(SecureFilename.make(ascii.text) == Self.simple(ascii), "a name in ASCII is not Werkzeug's")
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-".utf8).contains(byte)
    }

    /// Werkzeug's steps (`werkzeug/utils.py`, `secure_filename`), one after the other, for a name in ASCII.
    private static func simple(_ name: [UInt8]) -> String {
        let blanks = Array("\t\n\u{B}\u{C}\r\u{1C}\u{1D}\u{1E}\u{1F} /".utf8)
        let joined = name.split { blanks.contains($0) }.joined(separator: Array("_".utf8))
        var kept = joined.filter(Self.isSafe)
        while let last = kept.last, "._".utf8.contains(last) { kept.removeLast() }
        while let first = kept.first, "._".utf8.contains(first) { kept.removeFirst() }
        return kept.text
    }
}
