// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a statement gave no answer, as the connection sees it. The case says whether the statement may have been done,
/// and so what may be done next.
enum ConnectionFailure: Error {
    /// There is no connection, so nothing was sent.
    case unreachable(String)
    /// The server refused the statement, and undid its changes.
    case refused(sqlState: String, message: String)
    /// The connection broke. The statement may have been done or not.
    case lost(String)
    /// No answer came in time. The statement may have been done or not, or may still be done.
    case timedOut

    /// The same failure for a connection that was being opened, over which nothing had been sent; nil when another try
    /// cannot help.
    var whileOpening: ConnectionFailure? {
        switch self {
        case .unreachable, .lost: self
        case .timedOut: .unreachable("it did not answer in time")
        case .refused: self.isConflict ? self : nil
        }
    }

    /// The same failure for a call that has sent nothing, and so was not done.
    var unsent: ConnectionFailure {
        if case .lost(let reason) = self { return .unreachable(reason) }
        return self
    }

    /// Whether an open connection broke.
    var isCut: Bool {
        if case .lost = self { return true }
        return false
    }

    /// Whether the transaction failed because of a concurrent one:
    /// <https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>.
    var isConflict: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "40001" || sqlState == "40P01"
    }

    /// Whether a prepared statement is gone (`DISCARD ALL`, a pooler in between), or its table was altered.
    var isStaleStatement: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "26000" || sqlState == "0A000"
    }

    /// Whether the server refuses writes, perhaps because another server has taken over.
    var isReadOnly: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "25006"
    }
}
