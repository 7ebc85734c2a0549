// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
            // The system writes at most this many bytes, within this call.
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
        return nil
    }

    private static func send(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // The system reads exactly this many bytes, within this call.
            let count = unsafe rest.withUnsafeBytes { unsafe Self.send($0, to: descriptor) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        #if canImport(Darwin)
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
