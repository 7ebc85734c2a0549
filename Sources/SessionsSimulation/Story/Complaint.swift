// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why the program does not simulate. What it finds is printed; this goes to the standard error, so that a program that
/// reads the findings does not take it for one.
enum Complaint {
    static func end(_ reason: String, status: Int32) -> Never {
        _ = SystemCall.writeAll(Array("SessionsSimulation: \(reason)\n".utf8), to: STDERR_FILENO)
        exit(status)
    }
}
