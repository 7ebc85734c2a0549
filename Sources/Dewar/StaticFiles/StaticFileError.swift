// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Why a file is not served.
enum StaticFileError: Error, Equatable, CustomStringConvertible {
    /// There is no regular file of that name: 404.
    case notFound
    /// The folder is not there, or the process may not read the file: 404, and a line in the log for the operator.
    case unreadable(errno: Int32)
    /// The system is out of descriptors or memory, or the disk fails: 500. Caches would keep a 404.
    case system(errno: Int32)
    /// The file has become shorter while it was sent: the connection ends, since the length was announced.
    case shortened
    /// The file is another one, or gone, and too many others were open to keep it: the connection ends as well.
    case replaced

    var description: String {
        switch self {
        case .notFound: "there is no such file"
        case .unreadable(let number), .system(let number): SystemCall.message(number)
        case .shortened: "a static file became shorter while it was sent"
        case .replaced: "a static file changed while it was sent, and too many were open to keep it"
        }
    }
}
