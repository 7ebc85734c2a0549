// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An error reply. Its text may quote what was sent (`ERR unknown command …, with args beginning with: …`), so only the
/// code in front is ever shown.
struct RedisServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole line.
    let line: String

    /// The first word, if it is a code and not a part of a sentence.
    var code: String {
        let word = self.line.utf8.prefix { $0 != UInt8(ascii: " ") }
        let isCode = word.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return isCode && !word.isEmpty ? String(Substring(word)) : "ERR"
    }

    var description: String { self.code }

    /// The words after the code.
    var arguments: [Substring] { Array(self.line.split(separator: " ").dropFirst()) }

    /// The server takes no more data. Before 7.0 the code of an error inside of a script was not its own.
    var isOutOfMemory: Bool { self.code == "OOM" || self.line.contains("-OOM command not allowed") }

    /// The server cannot save its data, with the disk full for one, and refuses to take more.
    var isOutOfDisk: Bool { self.code == "MISCONF" || self.line.contains("-MISCONF ") }

    /// A server that is not the primary (any more) refuses to write.
    var isReadOnly: Bool { self.code == "READONLY" || self.line.contains("-READONLY ") }

    /// The server refused the command and did nothing of it, and will soon be able to.
    var isPassing: Bool {
        ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS"].contains(self.code)
    }
}
