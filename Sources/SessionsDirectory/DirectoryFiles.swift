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
        var last: [UInt8]?
        while let bytes = try self.folder.contents(of: Self.path(id)) {
            if let file = self.file(bytes, id) { return file.record }
            // A writer may be changing the file. A file that stays as it is will not become whole.
            guard bytes != last else {
                self.logDamage(id)
                return nil
            }
            last = bytes
        }
        return nil
    }

    /// A record's file; nil if the bytes are not whole, or are another session's.
    private func file(_ bytes: [UInt8], _ id: SessionID) -> RecordFile? {
        RecordFile(bytes).flatMap { $0.record.id == id ? $0 : nil }
    }

    private func logDamage(_ id: SessionID) {
        self.logger.warning("a damaged session file was passed over", metadata: ["session.id": "\(id)"])
    }

    // MARK: - Writing

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
        try self.locked(record.id) {
            try self.folder.withFile(Self.path(record.id)) { file in
                let old = try file.flatMap { try self.file(in: $0, record.id) }
                let current = old.flatMap { $0.record.isExpired(at: now) ? nil : $0.record }
                guard current?.version == version else { return false }
                try self.makeMarkers(of: record, after: old?.record)
                if let file, let change = old?.change(to: record) {
                    try self.folder.apply(change, to: file)
                } else {
                    try self.put(record)
                }
                for marker in Self.markers(old?.record, unlike: record) { self.folder.discard(marker) }
                return true
            }
        }
    }

    /// Makes the markers that a record lacks. A cleaner of temporary files may take its user's marker from a session
    /// that is used every day, and a list of the user's sessions would miss it: each write renews the marker's times.
    private func makeMarkers(of record: SessionRecord, after old: SessionRecord?) throws {
        for marker in Self.markers(record, unlike: old) { try self.folder.mark(marker) }
        guard record.user == old?.user, let marker = UserMarker(record) else { return }
        try self.folder.refresh(marker.path)
    }

    /// A record's file under the lock, so that no writer is changing it; nil if it is damaged.
    private func file(in file: OpenFile, _ id: SessionID) throws -> RecordFile? {
        let whole = try self.file(self.folder.contents(of: file), id)
        if whole == nil { self.logDamage(id) }
        return whole
    }

    /// Puts a new file in the place of the old one, in one step.
    private func put(_ record: SessionRecord) throws {
        let temporary = Self.temporaryPath()
        try self.folder.create(temporary, contents: RecordFile.bytes(record))
        do {
            try self.folder.move(temporary, to: Self.path(record.id))
        } catch {
            self.folder.discard(temporary)
            throw error
        }
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
        for marker in Self.markers(record, unlike: nil) { self.folder.discard(marker) }
    }

    // MARK: - Users

    func ids(ofUser user: String, limit: Int = .max, at now: Date) throws -> [SessionID] {
        var (ids, wrong) = ([SessionID](), [UserMarker]())
        try UserMarker.forEach(ofUser: user, in: self.folder) { marker in
            if let record = try self.record(marker.id), UserMarker(record) == marker {
                if !record.isExpired(at: now) { ids.append(marker.id) }
            } else {
                wrong.append(marker)
            }
            return ids.count < limit
        }
        for marker in wrong { try self.drop(marker) }
        return ids
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
    static func lockName(_ id: SessionID) -> String { "locks/\(id.description.prefix(2))" }

    private static func path(_ id: SessionID) -> String {
        let name = id.description
        return "records/\(name.prefix(2))/\(name)"
    }

    /// The markers of a record, without those that another record of the same session has as well.
    private static func markers(_ record: SessionRecord?, unlike other: SessionRecord?) -> [String] {
        guard let record else { return [] }
        var paths: [String] = []
        let expiry = ExpiryMarker(record)
        if other.map(ExpiryMarker.init) != expiry { paths.append(expiry.path) }
        if record.user != other?.user, let user = UserMarker(record) { paths.append(user.path) }
        return paths
    }

    private static func temporaryPath() -> String {
        "\(DirectoryPurge.temporaryFolder)/\(SessionID(using: .system))"
    }
}
