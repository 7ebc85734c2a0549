// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An error of a PostgreSQL store. No message contains a session's values or the password.
public struct PostgresStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidConfiguration, invalidName, foreignTable, cannotConnect, notAllowed, exhausted, timedOut,
                connectionLost, full, readOnly, damaged, shutDown, failed
        }

        let value: Value

        /// A connection string that libpq does not understand, or one whose password is not percent-encoded.
        public static let invalidConfiguration = Kind(value: .invalidConfiguration)
        /// The name of a table or a schema that is not allowed.
        public static let invalidName = Kind(value: .invalidName)
        /// The database has a table of that name that is not a table of sessions.
        public static let foreignTable = Kind(value: .foreignTable)
        /// The server cannot be reached, or it refuses the login or the connection.
        public static let cannotConnect = Kind(value: .cannotConnect)
        /// The database role lacks a permission.
        public static let notAllowed = Kind(value: .notAllowed)
        /// Every connection was in use, and none became free in time.
        public static let exhausted = Kind(value: .exhausted)
        /// No answer came in time. A write or a removal may have been done or not.
        public static let timedOut = Kind(value: .timedOut)
        /// The connection broke, and a new one did not help. A write or a removal may have been done or not.
        public static let connectionLost = Kind(value: .connectionLost)
        /// The disk or the memory of the server is full. Stored sessions are kept.
        public static let full = Kind(value: .full)
        /// The database is read-only.
        public static let readOnly = Kind(value: .readOnly)
        /// The database is damaged, or has a row that this library did not write.
        public static let damaged = Kind(value: .damaged)
        /// The store has been shut down.
        public static let shutDown = Kind(value: .shutDown)
        /// Any other failure of the database.
        public static let failed = Kind(value: .failed)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened, and what to do about it.
    public let message: String
    /// The server's error code, if it sent one: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
    public let sqlState: String?

    /// The message.
    public var description: String { self.message }

    init(_ kind: Kind, _ message: String, sqlState: String? = nil) {
        self.kind = kind
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

    private static func reason(of sqlState: String) -> (Kind, String) {
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
