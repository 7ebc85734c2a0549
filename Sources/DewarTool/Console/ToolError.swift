// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An error that is reported in one line.
struct ToolError: Error, CustomStringConvertible {
    let description: String
    let status: ToolStatus

    init(_ description: String, status: ToolStatus = .failed) {
        self.description = description
        self.status = status
    }
}

/// The exit status, for scripts. 0 is success.
enum ToolStatus: Int32 {
    /// Something failed, and the line says what.
    case failed = 1
    /// The command did its work, and the answer is no: no such session, a cookie that no key verifies, findings.
    case negative = 2
    /// Wrong arguments. Nothing was done.
    case usage = 64
}
