// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One purge of a ``DirectoryStore``. It reads the folders of past times, and no records of sessions that live on.
struct DirectoryPurge {
    static let temporaryFolder = "tmp"

    /// The longest time that writing a file may take, in seconds. An older temporary file is from a process that was
    /// killed.
    private static let temporaryAge = 3600
    /// How many names are held in memory at once.
    private static let batch = 1000

    let files: DirectoryFiles
    let now: Date
    let limit: Int
    private(set) var removed = 0

    init(files: DirectoryFiles, now: Date, limit: Int) {
        self.files = files
        self.now = now
        self.limit = limit
    }

    private var slot: Int { ExpiryMarker.slot(at: self.now) }

    /// Removes expired records, the oldest first, to within the 256 seconds of a folder.
    mutating func run() throws -> Int {
        let current = ExpiryMarker.folder(of: self.slot)
        for stretch in try self.numbers(in: ExpiryMarker.top) where stretch <= ExpiryMarker.stretch(of: current) {
            let path = ExpiryMarker.path(ofStretch: stretch)
            for folder in try self.numbers(in: path) where folder <= current {
                try self.purge(folder)
                guard self.removed < self.limit else { return self.removed }
                // Only an empty folder is removed, and a writer that misses it makes it again.
                if folder < current { self.files.folder.discardFolder(ExpiryMarker.path(ofFolder: folder)) }
            }
            if stretch < ExpiryMarker.stretch(of: current) { self.files.folder.discardFolder(path) }
        }
        return self.removed
    }

    /// Removes the half-written files of processes that were killed. Files carry the system's time, and so `time` must
    /// be the system's too.
    func removeTemporaryFiles(at time: Date) throws {
        let oldest = time.milliseconds / 1000 - Self.temporaryAge
        for name in try self.files.folder.names(in: Self.temporaryFolder) {
            let path = "\(Self.temporaryFolder)/\(name)"
            if let written = self.files.folder.lastWrite(path), written < oldest { self.files.folder.discard(path) }
        }
    }

    private func numbers(in path: String) throws -> [Int] {
        try self.files.folder.names(in: path).compactMap(ExpiryMarker.number)
    }

    private mutating func purge(_ folder: Int) throws {
        var before: Int
        repeat {
            before = self.removed
            try self.pass(through: folder)
            // While files are removed, some file systems skip names in a listing.
        } while self.removed < self.limit && self.removed - before >= Self.batch
    }

    private mutating func pass(through folder: Int) throws {
        var markers: [ExpiryMarker] = []
        try self.files.folder.forEachName(in: ExpiryMarker.path(ofFolder: folder)) { name in
            guard let marker = ExpiryMarker(name: name, folder: folder), marker.slot <= self.slot else { return true }
            markers.append(marker)
            guard markers.count == Self.batch else { return true }
            try self.settle(markers)
            markers = []
            return self.removed < self.limit
        }
        try self.settle(markers)
    }

    private mutating func settle(_ markers: [ExpiryMarker]) throws {
        for marker in markers {
            guard self.removed < self.limit else { return }
            do {
                if try self.settle(marker) { self.removed += 1 }
            } catch is StoreFolder.LockIsHeld {
                // The next purge finds the marker again: one held lock must not keep the other sessions from being
                // purged.
                continue
            }
        }
    }

    /// Removes the session that a marker leads to if it has expired, or only the marker if it does not fit the record.
    private func settle(_ marker: ExpiryMarker) throws -> Bool {
        try self.files.locked(marker.id) {
            let record = try self.files.record(marker.id)
            if let record, !record.isExpired(at: self.now) {
                guard ExpiryMarker(record) != marker else { return false }
                try self.files.folder.mark(ExpiryMarker(record).path)
                self.files.folder.discard(marker.path)
                return false
            }
            try self.files.erase(marker.id, record)
            self.files.folder.discard(marker.path)
            return record != nil
        }
    }
}
