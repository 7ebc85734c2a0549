// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What goes wrong in a PostgreSQL store. No message contains a session's values or the password.
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
        /// A table of that name is there, and it is not a table of sessions.
        public static let foreignTable = Kind(value: .foreignTable)
        /// The server is not reached, or it lets nobody in.
        public static let cannotConnect = Kind(value: .cannotConnect)
        /// The role may not do it.
        public static let notAllowed = Kind(value: .notAllowed)
        /// Every connection was in use for the whole time that is waited for one.
        public static let exhausted = Kind(value: .exhausted)
        /// No answer came in time. Of a write or a removal it is not known whether it was done.
        public static let timedOut = Kind(value: .timedOut)
        /// The connection broke, and a new one did not help. Of a write or a removal it is not known whether it was
        /// done.
        public static let connectionLost = Kind(value: .connectionLost)
        /// The disk or the memory of the server is full. What was there is there still.
        public static let full = Kind(value: .full)
        /// The database may only be read.
        public static let readOnly = Kind(value: .readOnly)
        /// The database is damaged, or it has a row that is not what this library writes.
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
    /// What the server said, if it did: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
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
