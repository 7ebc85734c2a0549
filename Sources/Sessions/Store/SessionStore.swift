// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where server-side sessions are kept: a table of records with compare-and-set.
///
/// A store knows nothing of cookies, secrets or merging; the library does that the same way on every store. What a
/// store promises is little, and the suite in `SessionsTesting` checks all of it:
///
/// - **A write is atomic.** It happens wholly or not at all, and two writers of one version never both succeed, in one
///   process or in several.
/// - **A write is visible.** Once `write` has returned true, every `read` that begins afterwards, by any process that
///   shares the store, gives that record or a later one.
/// - **Nothing comes back.** After `remove` has returned, the record is gone, and a write that replaces a version of it
///   gives false. Only `write(_:replacing:at:)` with nil puts a record under an id that has none.
/// - **The expired is absent.** A record is not read, replaced, listed or counted from its ``SessionRecord/expiresAt``
///   on, whether or not it has been purged.
/// - **Bytes are bytes.** `contents`, `user` and `deviceLabel` come back as they were, whatever is in them.
///
/// A store whose engine is out of reach throws. It never answers "absent" for "unknown".
///
/// The time comes as an argument, so that a test can move it; an engine that expires records by its own clock may
/// ignore it.
public protocol SessionStore: Sendable {
    /// The record under an id, or nil when there is none or it has expired.
    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord?

    /// Puts a record in the place of an older version of itself: compare-and-set.
    ///
    /// - Parameters:
    ///   - record: The new record. Its version is one more than the one it replaces.
    ///   - version: The version that must be there, or nil when there must be no record (an expired one is none).
    ///   - now: The current time.
    /// - Returns: False, with nothing changed, when something else is there.
    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool

    /// Removes a record.
    ///
    /// - Parameters:
    ///   - id: The record's id. One that is not there is removed already.
    ///   - version: The version that must be there, or nil to remove any.
    /// - Returns: False, with nothing changed, when another version is there; true when there is nothing left.
    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool

    /// Removes expired records, at most `limit` of them, and no live one.
    ///
    /// What it costs must depend on the number that it removes and not on the number of live records. An engine that
    /// expires records by itself does nothing.
    ///
    /// - Returns: How many were removed; fewer than `limit` says that there are no more for now.
    func removeExpired(at now: Date, limit: Int) async throws -> Int

    /// The ids of a user's live sessions, in no particular order; an index that may lag is checked against the records.
    func ids(ofUser user: String, at now: Date) async throws -> [SessionID]
}

extension SessionStore {
    /// Removes a record, whatever its version.
    public func remove(_ id: SessionID) async throws {
        _ = try await self.remove(id, ifVersion: nil)
    }
}

/// A store answers, and what it says cannot be: to a request it is out of reach, and the log says why.
enum StoreFault: String, Error, CustomStringConvertible {
    case refusal = "it refuses to replace the version that it gives"
    case unwritten = "it refuses a new record"
    case takenIDs = "it has every new id already"
    case lastVersion = "it holds a record of a version after which there is none"
    case unreadableContents = "it holds contents that no key at hand can read"

    var description: String { self.rawValue }
}
