// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The operations of a ``DirectoryStore``. Every call blocks.
///
/// The folder holds `records/ab/<id>`, one file for each session; `expiry/` and `users/`, whose empty files lead to
/// records (``ExpiryMarker``, ``UserMarker``); `locks/ab`, one lock for all ids that begin so; and `tmp/`, files that
/// are being written. A marker is made before its record and removed after it, so that a crash may leave a marker too
/// many, but never one too few. A process that finds a marker without a record removes it.
struct DirectoryFiles: Sendable {
    let folder: StoreFolder
    let logger: Logger

    // MARK: - Reading

    func read(_ id: SessionID, at now: Date) throws -> SessionRecord? {
        try self.record(id).flatMap { $0.isExpired(at: now) ? nil : $0 }
    }

    /// The record, expired or not. Nil for a file that is not a record: half a record is never served.
    func record(_ id: SessionID) throws -> SessionRecord? {
        guard let bytes = try self.folder.contents(of: Self.path(id)) else { return nil }
        guard let record = SessionRecordCoder.decode(bytes), record.id == id else {
            self.logger.warning("a damaged session file was passed over", metadata: ["session.id": "\(id)"])
            return nil
        }
        return record
    }

    // MARK: - Writing

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
        try self.locked(record.id) {
            let old = try self.record(record.id)
            let current = old.flatMap { $0.isExpired(at: now) ? nil : $0 }
            guard current?.version == version else { return false }
            try self.replace(old, with: record)
            return true
        }
    }

    private func replace(_ old: SessionRecord?, with record: SessionRecord) throws {
        let oldMarkers = Self.markers(old)
        let markers = Self.markers(record)
        for marker in markers where !oldMarkers.contains(marker) { try self.folder.mark(marker) }
        let temporary = Self.temporaryPath()
        try self.folder.create(temporary, contents: SessionRecordCoder.encode(record))
        do {
            try self.folder.move(temporary, to: Self.path(record.id))
        } catch {
            self.folder.discard(temporary)
            throw error
        }
        for marker in oldMarkers where !markers.contains(marker) { self.folder.discard(marker) }
    }

    // MARK: - Removing

    func remove(_ id: SessionID, ifVersion version: Int?) throws -> Bool {
        try self.locked(id) {
            let old = try self.record(id)
            if let old, let version, old.version != version { return false }
            try self.erase(id, old)
            return true
        }
    }

    /// Removes a record, which was read under the lock, and its markers. A damaged file has no markers and is removed
    /// too.
    func erase(_ id: SessionID, _ record: SessionRecord?) throws {
        try self.folder.remove(Self.path(id))
        for marker in Self.markers(record) { self.folder.discard(marker) }
    }

    // MARK: - Users

    func ids(ofUser user: String, at now: Date) throws -> [SessionID] {
        try UserMarker.all(ofUser: user, in: self.folder).compactMap { marker in
            guard let record = try self.record(marker.id), UserMarker(record) == marker else {
                try self.drop(marker)
                return nil
            }
            return record.isExpired(at: now) ? nil : marker.id
        }
    }

    /// Removes a marker without a record, unless a write is just making that record. If another call holds the lock,
    /// the marker stays for the next list to remove: a reader waits for no lock.
    private func drop(_ marker: UserMarker) throws {
        do {
            try self.locked(marker.id) {
                guard try self.record(marker.id).flatMap(UserMarker.init) != marker else { return }
                self.folder.discard(marker.path)
            }
        } catch is StoreFolder.LockIsHeld {}
    }

    // MARK: - Names

    func locked<Value>(_ id: SessionID, _ body: () throws -> Value) throws -> Value {
        try self.folder.locked(Self.lockName(id), body)
    }

    /// The lock of an id, shared with a 256th of all ids.
    static func lockName(_ id: SessionID) -> String { "locks/\(Hex.text(id.bytes.prefix(1)))" }

    private static func path(_ id: SessionID) -> String {
        "records/\(Hex.text(id.bytes.prefix(1)))/\(id)"
    }

    private static func markers(_ record: SessionRecord?) -> [String] {
        guard let record else { return [] }
        return [ExpiryMarker(record).path] + (UserMarker(record).map { [$0.path] } ?? [])
    }

    private static func temporaryPath() -> String {
        "\(DirectoryPurge.temporaryFolder)/\(SessionID(using: .system))"
    }
}
