// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where server-side sessions are kept: a table of records with compare-and-set.
///
/// A store knows nothing of cookies, secrets or merging; the library does these in the same way on every store. A store
/// promises only the following, and the suite in `SessionsTesting` checks all of it:
///
/// - **A write is atomic.** It happens wholly or not at all, and two writers of one version never both succeed, in one
///   process or in several.
/// - **A write is visible.** Once `write` has returned true, every `read` that begins afterwards, by any process that
///   shares the store, gives that record or a later one.
/// - **A removed record stays removed.** After `remove` has returned, the record is gone, and a write that replaces a
///   version of it gives false. Only `write(_:replacing:at:)` with nil creates a record under an id that has none.
/// - **An expired record is absent.** A record is not read, replaced, listed or counted from its
///   ``SessionRecord/expiresAt`` on, whether or not it has been purged.
/// - **Bytes are bytes.** `contents`, `user` and `deviceLabel` are read as they were written, whatever is in them.
///
/// A store whose engine is out of reach throws. It never answers "absent" for "unknown".
///
/// The time is an argument, so that a test can move it; an engine that expires records by its own clock may ignore it.
///
/// A store needs five methods. This one passes them on to another store, and logs the writes:
///
/// ```swift
/// struct LoggingStore: SessionStore {
///     let base: any SessionStore
///     let logger: Logger
///
///     func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
///         try await self.base.read(id, at: now)
///     }
///
///     func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
///         let isWritten = try await self.base.write(record, replacing: version, at: now)
///         self.logger.debug("Version \(record.version) of a session was \(isWritten ? "written" : "refused").")
///         return isWritten
///     }
///
///     func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
///         try await self.base.remove(id, ifVersion: version)
///     }
///
///     func removeExpired(at now: Date, limit: Int) async throws -> Int {
///         try await self.base.removeExpired(at: now, limit: limit)
///     }
///
///     func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
///         try await self.base.ids(ofUser: user, at: now)
///     }
/// }
/// ```
///
/// ``MemoryStore`` is a complete store, and `docs/STORES.md` says how to test one of your own.
public protocol SessionStore: Sendable {
    /// The record under an id, or nil when there is none or it has expired.
    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord?

    /// Replaces an older version of a record: compare-and-set.
    ///
    /// - Parameters:
    ///   - record: The new record. Its version is one more than that of the record it replaces.
    ///   - version: The version that must be there, or nil when there must be no record (an expired one counts as
    ///     none).
    ///   - now: The current time.
    /// - Returns: False, with nothing changed, when another version is there, or none, or one where none must be.
    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool

    /// Removes a record.
    ///
    /// - Parameters:
    ///   - id: The record's id. If there is no record under it, there is nothing to remove.
    ///   - version: The version that must be there, or nil to remove any.
    /// - Returns: False, with nothing changed, when another version is there; true when no record is left.
    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool

    /// Removes expired records, at most `limit` of them, and no live one.
    ///
    /// Its cost must depend on the number of records that it removes, and not on the number of live ones. An engine
    /// that expires records by itself does nothing.
    ///
    /// - Returns: How many were removed; fewer than `limit` means that there are no more for now.
    func removeExpired(at now: Date, limit: Int) async throws -> Int

    /// The ids of a user's live sessions, in any order. If the index may lag, each id is checked against its record.
    func ids(ofUser user: String, at now: Date) async throws -> [SessionID]

    /// Some of the ids of a user's live sessions, each once: as many as `limit` (which counts as 1 if it is less), and
    /// fewer only if the user has no more. Which they are, and in what order, is the store's choice.
    ///
    /// Its cost should depend on `limit`, and not on how many sessions the user has: a script that signs in again and
    /// again has a hundred thousand. A store that does not implement it reads all ids, and gives the first.
    func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID]
}

extension SessionStore {
    /// Reads all ids, and gives the first.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        Array(try await self.ids(ofUser: user, at: now).prefix(max(limit, 1)))
    }

    /// Removes a record, whatever its version.
    public func remove(_ id: SessionID) async throws {
        _ = try await self.remove(id, ifVersion: nil)
    }
}

/// A store that answers without waiting. A write to it cannot be cut short by a client that hangs up, and needs no task
/// of its own.
package protocol InstantStore: SessionStore {}

/// The store gives an answer that cannot be true. A request gets the same error as if the store were out of reach, and
/// the log has the reason.
package enum StoreFault: String, Error, CustomStringConvertible {
    case refusal = "it refuses to replace the version that it gives"
    case unwritten = "it refuses a new record"
    case takenIDs = "it has every new id already"
    case lastVersion = "it holds a record with the last version that there is"
    case unreadableContents = "it holds contents that no key at hand can read"

    package var description: String { self.rawValue }
}
