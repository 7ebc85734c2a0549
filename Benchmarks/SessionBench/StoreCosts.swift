// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import SessionsSQLite

/// What a store costs in this process: reading, compare-and-set, noting a use, and removing what has expired.
struct StoreCosts {
    let name: String
    let store: any SessionStore
    private let ids: [SessionID]
    private let now = Date()

    static func all(in folder: URL) async throws -> [Workload] {
        let stores: [(String, any SessionStore)] = [
            ("memory", MemoryStore()),
            ("directory", try DirectoryStore(path: folder.appendingPathComponent("directory").path)),
            ("SQLite", try SQLiteStore(path: folder.appendingPathComponent("sessions.sqlite").path)),
        ]
        var workloads: [Workload] = []
        for (name, store) in stores { workloads += try await StoreCosts(name, store).all }
        return workloads
    }

    init(_ name: String, _ store: any SessionStore) async throws {
        self.name = name
        self.store = store
        self.ids = (0..<200).map { _ in SessionID(using: .system) }
        for id in self.ids { _ = try await store.write(self.record(id, version: 1), replacing: nil, at: self.now) }
    }

    private func record(_ id: SessionID, version: Int) -> SessionRecord {
        SessionRecord(
            id: id, secretHash: Floors.message(32), version: version, contents: Floors.message(200),
            createdAt: self.now, idleTimeout: .seconds(3600))
    }

    private var all: [Workload] {
        [self.reading, self.writing, self.purging]
    }

    private var reading: Workload {
        Workload("store: \(self.name)", "read") { [self] count in
            for round in 0..<count {
                blackHole(try await self.store.read(self.ids[round % self.ids.count], at: self.now))
            }
        }
    }

    private var writing: Workload {
        Workload("store: \(self.name)", "compare-and-set") { [self] count in
            for round in 0..<count {
                let id = self.ids[round % self.ids.count]
                let version = try await self.store.read(id, at: self.now)?.version ?? 0
                blackHole(
                    try await self.store.write(
                        self.record(id, version: version + 1), replacing: version, at: self.now))
            }
        }
    }

    private var purging: Workload {
        Workload("store: \(self.name)", "purge with nothing to remove") { [self] count in
            for _ in 0..<count { blackHole(try await self.store.removeExpired(at: self.now, limit: 100)) }
        }
    }
}
