// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Standard input, standard output and standard error.
enum Console {
    /// Whether a person reads the output: a pipe and a file get no colours and no bars.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether a person reads what is reported on the way.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether a person can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && Self.isErrorTerminal }

    /// Writes a line to standard output. A failed write is ignored: when the reader has gone, there is nowhere to
    /// report it.
    static func write(_ line: String) {
        Self.send(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a line to standard error, so that it does not get into what a script reads.
    static func note(_ line: String) {
        Self.send(line + "\n", to: STDERR_FILENO)
    }

    /// Passes on what another program wrote to its standard error.
    static func pass(_ bytes: [UInt8]) {
        _ = SystemCall.writeAll(bytes, to: STDERR_FILENO)
    }

    /// Writes over the current line of the terminal.
    static func rewrite(_ line: String) {
        Self.send("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// Asks a person; anything but yes is no.
    static func confirms(_ question: String) -> Bool {
        Self.send(question + " [y/N] ", to: STDERR_FILENO)
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    /// All of standard input; nil when it has more bytes than that.
    static func input(limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            // The system writes at most as many bytes as the buffer has, and only within this call.
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                SystemCall.uninterrupted { unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count) }
            }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
        return nil
    }

    private static func send(_ text: String, to descriptor: Int32) {
        _ = SystemCall.writeAll(Array(text.utf8), to: descriptor)
    }
}
