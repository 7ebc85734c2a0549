// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Standard output.
enum Console {
    /// Writes a line. A failed write is ignored: when the reader has gone, there is nowhere to report it.
    static func write(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            // The system reads exactly this many bytes, within this call.
            let count = unsafe rest.withUnsafeBytes { unsafe Self.send($0) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
        unsafe Darwin.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #else
        unsafe Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #endif
    }
}
