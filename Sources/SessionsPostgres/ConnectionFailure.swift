// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a statement gave no answer, from the connection's point of view: what is known about the statement decides what
/// may be done next.
enum ConnectionFailure: Error {
    /// There is no connection, so nothing was sent.
    case unreachable(String)
    /// The server said no, and undid what the statement had done.
    case refused(sqlState: String, message: String)
    /// The connection broke. What was sent may have been done, or not.
    case lost(String)
    /// No answer came in time. What was sent may have been done, or not, or be done yet.
    case timedOut

    /// The same for a connection that was being opened, over which nothing had been sent; nil for what another try
    /// cannot change.
    var whileOpening: ConnectionFailure? {
        switch self {
        case .unreachable, .lost: self
        case .timedOut: .unreachable("it did not answer in time")
        case .refused: self.isConflict ? self : nil
        }
    }

    /// The same for a call that has sent nothing: it was not done.
    var unsent: ConnectionFailure {
        if case .lost(let reason) = self { return .unreachable(reason) }
        return self
    }

    /// The connection was there, and broke.
    var isCut: Bool {
        if case .lost = self { return true }
        return false
    }

    /// A transaction that another one was in the way of:
    /// <https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>.
    var isConflict: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "40001" || sqlState == "40P01"
    }

    /// A prepared statement that is gone (`DISCARD ALL`, a pooler between), or one whose table was altered.
    var isStaleStatement: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "26000" || sqlState == "0A000"
    }

    /// A server that may not be written to, perhaps since another one has taken over.
    var isReadOnly: Bool {
        guard case .refused(let sqlState, _) = self else { return false }
        return sqlState == "25006"
    }
}
