// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What goes wrong in a PostgreSQL store. No message contains a session's values or the password.
public struct PostgresStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Hashable, Sendable {
        /// A connection string that libpq does not understand, or one whose password is not percent-encoded.
        case invalidConfiguration
        /// The name of a table or a schema that is not allowed.
        case invalidName
        /// A table of that name is there, and it is not a table of sessions.
        case foreignTable
        /// The server is not reached, or it lets nobody in.
        case cannotConnect
        /// The role may not do it.
        case notAllowed
        /// Every connection was in use for the whole time that is waited for one.
        case exhausted
        /// No answer came in time. Of a write or a removal it is not known whether it was done.
        case timedOut
        /// The connection broke, and a new one did not help. Of a write or a removal it is not known whether it was
        /// done.
        case connectionLost
        /// The disk or the memory of the server is full. What was there is there still.
        case full
        /// The database may only be read.
        case readOnly
        /// The database is damaged, or it has a row that is not what this library writes.
        case damaged
        /// The store has been shut down.
        case shutDown
        /// Any other failure of the database.
        case failed
    }

    /// The kind of error.
    public let code: Code
    /// What happened, and what to do about it.
    public let message: String
    /// What the server said, if it did: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
    public let sqlState: String?

    /// The message.
    public var description: String { self.message }

    init(_ code: Code, _ message: String, sqlState: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
    }

    static let foreignRow = Self(.damaged, "A row of the session table is not what this library writes.")

    static let shutDown = Self(.shutDown, "The session store has been shut down.")

    /// The error that an operation threw.
    init(_ error: any Error) {
        switch error {
        case let error as PostgresStoreError: self = error
        case let failure as ConnectionFailure: self.init(failure)
        default: self.init(.failed, "The session database failed.")
        }
    }

    private init(_ failure: ConnectionFailure) {
        switch failure {
        case .unreachable(let reason):
            self.init(.cannotConnect, "The session database cannot be reached: \(reason).")
        case .lost(let reason):
            self.init(.connectionLost, "The connection to the session database was lost: \(reason).")
        case .timedOut:
            self.init(.timedOut, "The session database did not answer in time.")
        case .refused(let sqlState, let message):
            let (code, reason) = Self.reason(of: sqlState)
            self.init(
                code, "The session database \(reason) (PostgreSQL error \(sqlState): \(message)).", sqlState: sqlState)
        }
    }

    private static func reason(of sqlState: String) -> (Code, String) {
        switch sqlState {
        case "57014", "55P03": (.timedOut, "did not answer in time")
        case "25006": (.readOnly, "may only be read")
        case "42501": (.notAllowed, "does not allow it to this role")
        case "53300": (.cannotConnect, "has no connection left")
        case "XX001", "XX002": (.damaged, "is damaged")
        default: sqlState.hasPrefix("53") ? (.full, "is full; nothing was written") : (.failed, "failed")
        }
    }
}
