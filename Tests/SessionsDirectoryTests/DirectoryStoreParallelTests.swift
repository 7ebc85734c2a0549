// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import TestSupport
import Testing

@Suite struct DirectoryStoreParallelTests {
    private let folder: TemporaryFolder
    private let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func increment(_ id: SessionID, in store: DirectoryStore) async throws {
        while true {
            guard let record = try await store.read(id, at: self.now) else { throw CancellationError() }
            var next = record
            next.version += 1
            next.contents = Array("\((Int(String(decoding: record.contents, as: UTF8.self)) ?? 0) + 1)".utf8)
            next.lastUsedAt += Double(next.version % 100)
            next.user = "user \(next.version % 5)"
            if try await store.write(next, replacing: record.version, at: self.now) { return }
        }
    }

    /// Two stores on a folder lock and open as two processes do: they share nothing but the files.
    @Test func noIncrementIsLostBetweenTwoStores() async throws {
        let stores = [try self.folder.store(), try self.folder.store()]
        let first = SampleRecords.record(contents: "0", expiresIn: 9000)
        #expect(try await stores[0].write(first, replacing: nil, at: self.now))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<50 { try await self.increment(first.id, in: stores[worker % 2]) }
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    let removed = try await stores[0].removeExpired(at: self.now, limit: 100)
                    #expect(removed == 0)
                }
            }
            group.addTask {
                for number in 0..<50 { _ = try await stores[1].ids(ofUser: "user \(number % 5)", at: self.now) }
            }
            try await group.waitForAll()
        }
        let last = try #require(try await stores[1].read(first.id, at: self.now))
        #expect(String(decoding: last.contents, as: UTF8.self) == "400")
        #expect(last.version == 401)
        #expect(try await stores[0].ids(ofUser: "user 1", at: self.now) == [first.id])
        for folder in ["expiry", "users", "records"] { #expect(try self.folder.files(folder).count == 1) }
        #expect(try self.folder.files("tmp").isEmpty)
    }

    @Test func oneOfManyCreatorsWins() async throws {
        let stores = [try self.folder.store(), try self.folder.store()]
        for number in 0..<20 {
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for worker in 0..<10 {
                    let record = SampleRecords.record(number, contents: "\(worker)")
                    group.addTask { try await stores[worker % 2].write(record, replacing: nil, at: self.now) }
                }
                return try await group.reduce(0) { $1 ? $0 + 1 : $0 }
            }
            #expect(winners == 1)
        }
    }

    @Test func aRemovedSessionStaysAwayFromItsWriters() async throws {
        let stores = [try self.folder.store(), try self.folder.store()]
        var total = 0
        for round in 0..<20 {
            let record = SampleRecords.record(round, contents: "0")
            #expect(try await stores[0].write(record, replacing: nil, at: self.now))
            total += await withTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var increments = 0
                        while (try? await self.increment(record.id, in: stores[worker % 2])) != nil { increments += 1 }
                        return increments
                    }
                }
                group.addTask {
                    // In the midst of the writing.
                    for _ in 0..<20 { _ = try? await stores[1].read(record.id, at: self.now) }
                    try? await stores[1].remove(record.id)
                    return 0
                }
                return await group.reduce(0, +)
            }
            #expect(try await stores[0].read(record.id, at: self.now) == nil)
        }
        // In a round of its own a busy machine may let no writer begin before the session is removed.
        #expect(total > 0)
        for folder in ["expiry", "users", "records", "tmp"] { #expect(try self.folder.files(folder).isEmpty) }
    }

    /// Folders come and go under the writers' hands: short lives, and a purge all the time.
    @Test func writersAndPurgesDoNotStumbleOverEachOther() async throws {
        let stores = [try self.folder.store(), try self.folder.store()]
        try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for number in 0..<150 {
                        let record = SampleRecords.record(1000 * worker + number, user: "ada", expiresIn: -number)
                        let past = self.now.addingTimeInterval(-100_000)
                        let isWritten = try await stores[worker % 2].write(record, replacing: nil, at: past)
                        #expect(isWritten)
                    }
                    return 0
                }
                group.addTask {
                    var removed = 0
                    for _ in 0..<50 { removed += try await stores[worker % 2].removeExpired(at: self.now, limit: 20) }
                    return removed
                }
            }
            let removed = try await group.reduce(0, +)
            let rest = try await stores[0].removeExpired(at: self.now, limit: 10_000)
            #expect(removed + rest == 600)
        }
        for folder in ["expiry", "users", "records", "tmp"] { #expect(try self.folder.files(folder).isEmpty) }
    }
}
