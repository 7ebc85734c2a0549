// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import Synchronization
import TestSupport
import Testing

@testable import SessionsSQLite

@Suite struct GroupCommitTests {
    /// Counts the commits that write.
    private final class CommitCounter: TransactionObserver, Sendable {
        let count = Mutex(0)

        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { self.count.withLock { $0 += 1 } }
        func databaseDidRollback(_ db: Database) {}
    }

    private struct Refused: Error {}

    private let queue: DatabaseQueue
    private let group: GroupCommit

    init() throws {
        self.queue = try DatabaseQueue()
        try self.queue.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER NOT NULL UNIQUE)") }
        self.group = GroupCommit(self.queue)
    }

    /// The results of writes, in their order.
    private final class Results: Sendable {
        private let told: Mutex<[Result<Void, any Error>?]>
        private let whenAll: CheckedContinuation<[Result<Void, any Error>], Never>

        init(_ count: Int, _ whenAll: CheckedContinuation<[Result<Void, any Error>], Never>) {
            self.told = Mutex(Array(repeating: nil, count: count))
            self.whenAll = whenAll
        }

        func tell(_ number: Int, _ result: Result<Void, any Error>) {
            let all = self.told.withLock { told in
                told[number] = result
                return told.compactMap(\.self)
            }
            if all.count == self.told.withLock({ $0.count }) { self.whenAll.resume(returning: all) }
        }
    }

    /// Submits the writes while the database is busy with one of the application, so that all of them wait.
    private func atOnce(_ writes: [@Sendable (Database) throws -> Void]) async -> [Result<Void, any Error>] {
        await withCheckedContinuation { continuation in
            let results = Results(writes.count, continuation)
            let gate = DispatchSemaphore(value: 0)
            self.queue.asyncWriteWithoutTransaction { _ in gate.wait() }
            for (number, write) in writes.enumerated() {
                self.group.submit(
                    GroupCommit.Write { database in
                        try write(database)
                        return { results.tell(number, .success(())) }
                    } fail: { error in
                        results.tell(number, .failure(error))
                    })
            }
            gate.signal()
        }
    }

    private func numbers() throws -> [Int] {
        try self.queue.read { try Int.fetchAll($0, sql: "SELECT n FROM t ORDER BY n") }
    }

    private static func insert(_ number: Int) -> @Sendable (Database) throws -> Void {
        { try $0.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number]) }
    }

    @Test func writesThatWaitAreCommittedTogether() async throws {
        let counter = CommitCounter()
        self.queue.add(transactionObserver: counter, extent: .databaseLifetime)
        let results = await self.atOnce((0..<20).map(Self.insert))
        #expect(results.allSatisfy { (try? $0.get()) != nil })
        #expect(try self.numbers() == Array(0..<20))
        #expect(counter.count.withLock { $0 } == 1)
    }

    @Test func aGroupIsLimitedSoThatOthersHaveTheirTurn() async throws {
        let counter = CommitCounter()
        self.queue.add(transactionObserver: counter, extent: .databaseLifetime)
        _ = await self.atOnce((0..<130).map(Self.insert))
        #expect(try self.numbers() == Array(0..<130))
        #expect(counter.count.withLock { $0 } == 3)
    }

    @Test func aWriteThatFailsHarmsNoOtherOfItsGroup() async throws {
        try await self.queue.write { try $0.execute(sql: "INSERT INTO t VALUES (5)") }
        let results = await self.atOnce((0..<10).map(Self.insert))
        for (number, result) in results.enumerated() {
            if number == 5 {
                #expect(throws: DatabaseError.self) { try result.get() }
            } else {
                #expect(throws: Never.self) { try result.get() }
            }
        }
        #expect(try self.numbers() == Array(0..<10))
    }

    /// An error that is no one statement's: all of the group wait for the lock once, and not one after the other.
    @Test func aLockedDatabaseIsToldToAllOfTheGroup() async throws {
        let tries = Mutex(0)
        let results = await self.atOnce(
            (0..<10).map { _ in
                { _ in
                    tries.withLock { $0 += 1 }
                    throw DatabaseError(resultCode: .SQLITE_BUSY)
                }
            })
        for result in results {
            let error = #expect(throws: DatabaseError.self) { try result.get() }
            #expect(error?.resultCode == .SQLITE_BUSY)
        }
        #expect(tries.withLock { $0 } == 1)
    }

    /// The statement that is in a group may have been undone with it, so its result must come from its second try.
    @Test func theResultIsThatOfTheTryThatCounts() async throws {
        let tries = Mutex(0)
        async let first = self.group.write { database in
            try database.execute(sql: "INSERT INTO t VALUES (1)")
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM t")
        }
        #expect(try await first == 1)
        let results = await self.atOnce([
            Self.insert(2),
            { database in
                let number = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                guard number > 1 else { throw Refused() }
                try database.execute(sql: "INSERT INTO t VALUES (3)")
            },
        ])
        #expect(results.allSatisfy { (try? $0.get()) != nil })
        #expect(try self.numbers() == [1, 2, 3])
    }
}
