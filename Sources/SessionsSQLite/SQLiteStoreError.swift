// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB

/// An error of an SQLite store. No message contains a session's values.
public struct SQLiteStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidName, foreignTable, unsafeFile, cannotOpen, locked, full, readOnly, damaged, failed
        }

        let value: Value

        /// The path names no file, or the table's name is not allowed.
        public static let invalidName = Kind(value: .invalidName)
        /// The database has a table of that name that is not a table of sessions.
        public static let foreignTable = Kind(value: .foreignTable)
        /// Another user could put sessions into the file: that user owns it or may write it, or a symbolic link leads
        /// to it that another user owns or that leads nowhere.
        public static let unsafeFile = Kind(value: .unsafeFile)
        /// The file cannot be opened.
        public static let cannotOpen = Kind(value: .cannotOpen)
        /// Another connection kept the database locked until the time limit.
        public static let locked = Kind(value: .locked)
        /// The disk is full, or the database has reached its maximum size. Stored sessions are kept.
        public static let full = Kind(value: .full)
        /// The database is read-only.
        public static let readOnly = Kind(value: .readOnly)
        /// The file is damaged, or it is not an SQLite database.
        public static let damaged = Kind(value: .damaged)
        /// Any other failure of the database.
        public static let failed = Kind(value: .failed)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened, and what to do about it.
    public let message: String
    /// SQLite's extended result code, if SQLite reported the error: <https://www.sqlite.org/rescode.html>.
    public let resultCode: Int32?

    /// The message.
    public var description: String { self.message }

    init(_ kind: Kind, _ message: String, resultCode: Int32? = nil) {
        self.kind = kind
        self.message = message
        self.resultCode = resultCode
    }

    /// The error that a database access threw, with a path if it is known.
    init(_ error: any Error, path: String? = nil) {
        switch error {
        case let error as SQLiteStoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        // A row that cannot be decoded. The error itself may quote the row, so it is not passed on.
        default: self = .foreignRow
        }
    }

    static let foreignRow = Self(.damaged, "A row of the session table is not what this library writes.")

    /// The statement and its arguments are left out, because they contain a session's values.
    private init(_ error: DatabaseError, path: String?) {
        let database = path.map { "The session database \"\($0)\"" } ?? "The session database"
        let (code, message) = Self.reason(of: error.resultCode)
        let detail = error.message.map { ": \($0)" } ?? ""
        self.init(
            code, "\(database) \(message) (SQLite error \(error.extendedResultCode.rawValue)\(detail)).",
            resultCode: error.extendedResultCode.rawValue)
    }

    private static func reason(of code: ResultCode) -> (Kind, String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: (.locked, "is kept locked by another connection")
        case .SQLITE_FULL: (.full, "is full; nothing was written")
        case .SQLITE_READONLY, .SQLITE_PERM: (.readOnly, "may only be read")
        case .SQLITE_CANTOPEN: (.cannotOpen, "cannot be opened; its folder must be there, and both must be writable")
        case .SQLITE_CORRUPT: (.damaged, "is damaged; restore it from a backup, or remove it and lose its sessions")
        case .SQLITE_NOTADB: (.damaged, "is not an SQLite database")
        default: (.failed, "failed")
        }
    }

    /// Whether another try may help, because another connection holds the database for a moment.
    static func isTransient(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return Self.reason(of: error.resultCode).0 == .locked
    }
}
