// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One purge of a ``DirectoryStore``: looks where the clock has been, and never where sessions live.
struct DirectoryPurge {
    static let temporaryFolder = "tmp"

    /// How long a file may be in the making, in seconds. What is older was left by a process that was killed.
    private static let temporaryAge = 3600
    /// How many names are kept in memory at once.
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

    /// Removes what has expired, the longest ago first, give or take the minutes of a folder.
    mutating func run() throws -> Int {
        let current = ExpiryMarker.folder(of: self.slot)
        for stretch in try self.numbers(in: ExpiryMarker.top) where stretch <= ExpiryMarker.stretch(of: current) {
            let path = ExpiryMarker.path(ofStretch: stretch)
            for folder in try self.numbers(in: path) where folder <= current {
                try self.purge(folder)
                guard self.removed < self.limit else { return self.removed }
                // Only an empty one goes, and a writer who finds it missing makes it again.
                if folder < current { self.files.folder.discardFolder(ExpiryMarker.path(ofFolder: folder)) }
            }
            if stretch < ExpiryMarker.stretch(of: current) { self.files.folder.discardFolder(path) }
        }
        return self.removed
    }

    /// Removes what processes that were killed had half written. Files carry the system's time, and so this is that
    /// too.
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
            // Some file systems pass over names when others go meanwhile.
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
                // The next purge finds it again: one held lock does not keep the other sessions from being purged.
                continue
            }
        }
    }

    /// Removes the session that a marker leads to if it has expired; or the marker alone, if it leads astray.
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
