// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An error reply. Its text may quote what was sent (`ERR unknown command …, with args beginning with: …`), so only the
/// code at its beginning is ever shown.
struct RedisServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole line.
    let line: String

    /// The first word if it is a code, and `ERR` if it is part of a sentence.
    var code: String {
        let word = self.line.utf8.prefix { $0 != UInt8(ascii: " ") }
        let isCode = word.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return isCode && !word.isEmpty ? String(Substring(word)) : "ERR"
    }

    var description: String { self.code }

    /// The words after the code.
    var arguments: [Substring] { Array(self.line.split(separator: " ").dropFirst()) }

    /// The server takes no more data. Before 7.0 an error inside a script hid its own code.
    var isOutOfMemory: Bool { self.code == "OOM" || self.line.contains("-OOM command not allowed") }

    /// The server cannot save its data (a full disk, for example) and refuses writes.
    var isOutOfDisk: Bool { self.code == "MISCONF" || self.line.contains("-MISCONF ") }

    /// The server is not the primary (any more) and refuses writes.
    var isReadOnly: Bool { self.code == "READONLY" || self.line.contains("-READONLY ") }

    /// The server did nothing of the command, and will soon be able to serve it.
    var isPassing: Bool {
        ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS"].contains(self.code)
    }
}
