// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A store that can list all of its sessions, a page at a time. Operators need that; requests do not.
///
/// The stores of this package can, except `MigratingStore`, both of whose stores can. A store of your own need not. If it can, the suite in
/// `SessionsTesting` checks these promises too:
///
/// - **A page is bounded.** It has at most `limit` sessions, no contents, and takes about as long among a million
///   sessions as among a thousand. It may have fewer, or none, although more pages follow.
/// - **A scan stops no request.** It holds no lock and no transaction from one page to the next.
/// - **A session that is live during the whole scan is listed**, however often it is written meanwhile. A session that
///   begins or ends meanwhile may be missing. An engine may list a session twice: compare the ids. (Redis does; so does
///   no other store of this package.) Each entry shows its session as it was when its page was read.
/// - **An expired session is not listed**, purged or not.
/// - **A scan changes nothing**: it does not count as a use of the sessions.
///
/// ```swift
/// var cursor: SessionScanCursor?
/// repeat {
///     let page = try await store.scan(after: cursor, limit: 500, at: Date())
///     for session in page.sessions { print(session.id, session.lastUsedAt) }
///     cursor = page.next
/// } while cursor != nil
/// ```
public protocol ScannableSessionStore: SessionStore {
    /// The next page of a scan.
    ///
    /// - Parameters:
    ///   - cursor: ``SessionPage/next`` of the page before; nil for the first page.
    ///   - limit: How many sessions the page has at most. A number below 1 counts as 1, one above 1,000 as 1,000.
    ///   - now: The current time.
    /// - Throws: ``InvalidScanCursor`` for a cursor that this store did not make, or that it can no longer go on from.
    func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage
}

/// A page of a store's sessions: see ``ScannableSessionStore``.
public struct SessionPage: Sendable, Hashable {
    /// The sessions, in an order of the store's own, which has no meaning.
    public var sessions: [SessionSummary]
    /// Where the next page begins; nil after the last page.
    public var next: SessionScanCursor?

    /// A page from its parts.
    public init(sessions: [SessionSummary], next: SessionScanCursor?) {
        self.sessions = sessions
        self.next = next
    }

    /// How many sessions a page may have.
    package static func bounded(_ limit: Int) -> Int { min(max(limit, 1), 1000) }
}

/// Where a page of a scan ended. Its text means something to the store that made it, and no secret is in it.
public struct SessionScanCursor: Sendable, Hashable, CustomStringConvertible {
    /// Visible ASCII without spaces and quotes, for a command line or, percent-encoded, for the link to the next page.
    public let description: String

    /// The cursor with this text.
    public init(_ description: String) {
        self.description = description
    }

    /// A scan in the order of ids goes on after this one.
    package init(after id: SessionID) { self.init(id.description) }

    /// The id after which the scan goes on.
    package func id() throws(InvalidScanCursor) -> SessionID {
        guard let id = SessionID(self.description) else { throw InvalidScanCursor() }
        return id
    }
}

/// The cursor is another store's, or not one at all, or its server has left the cluster: begin the scan again.
public struct InvalidScanCursor: Error, CustomStringConvertible {
    /// An error without details.
    public init() {}

    /// What happened, and what to do about it.
    public var description: String { "The store cannot go on from this cursor; begin the scan again without one." }
}

/// What a store can tell about a session without its contents. It opens no session, and nothing in it is a secret.
public struct SessionSummary: Sendable, Hashable, Identifiable {
    /// Names the session.
    public let id: SessionID
    /// The signed-in user; nil for none.
    public let user: String?
    /// The browser that signed in, such as "Firefox on Linux".
    public let deviceLabel: String?
    /// When the session began: its first write, its last sign-in or its last step-up.
    public let createdAt: Date
    /// When the user last proved who they are.
    public let authenticatedAt: Date?
    /// When the session was last used, to the accuracy of the touch interval.
    public let lastUsedAt: Date
    /// When the session ends unless it is used before.
    public let expiresAt: Date
    /// The record's version: how often the session has been written.
    public let version: Int
    /// How many bytes the contents have in the store.
    public let contentsSize: Int

    /// The label of the records of the module `SessionsSignIn`, which no browser has.
    package static let labelOfCounts = "dewar.sign-in-limit"

    /// The first version of the copies that a migration keeps in the store where a session does not live. No session has
    /// a version as high.
    package static let firstVersionOfCopies = 1 << 62

    /// Whether it is a visitor's session, and not a segment of a revocation list, a count of attempts to sign in, or the
    /// copy of a session that lives in the other store of a `MigratingStore`.
    public var isSession: Bool {
        !SessionUser.isSame(self.user, SessionUser.reserved) && self.deviceLabel != Self.labelOfCounts
            && self.version < Self.firstVersionOfCopies
    }

    /// The summary of a record.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - contentsSize: How many bytes the contents have, if they were not read with the record.
    public init(_ record: SessionRecord, contentsSize: Int? = nil) {
        self.id = record.id
        self.user = record.user
        self.deviceLabel = record.deviceLabel
        self.createdAt = record.createdAt
        self.authenticatedAt = record.authenticatedAt
        self.lastUsedAt = record.lastUsedAt
        self.expiresAt = record.expiresAt
        self.version = record.version
        self.contentsSize = contentsSize ?? record.contents.count
    }
}
