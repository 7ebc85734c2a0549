// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import GRDB
import Synchronization

/// Group commit: writes that come while another one is being done are done together, in one transaction.
///
/// A transaction of its own costs a write more than its statements: locks, a copy of every page of an index that all
/// writes change, and on a durable database a wait for the disk. A write is acknowledged after the commit, so a crash
/// loses no more than it would without groups. A write that comes alone waits for no other.
final class GroupCommit: Sendable {
    /// A write whose caller waits.
    struct Write: Sendable {
        /// Does the work; what it returns tells the caller that it is done.
        let perform: @Sendable (Database) throws -> Acknowledgement
        let fail: @Sendable (any Error) -> Void
    }

    typealias Acknowledgement = @Sendable () -> Void

    private struct State {
        var waiting = Deque<Write>()
        /// Whether the writer's queue has a turn for the waiting writes.
        var hasTurn = false
    }

    /// How many writes are done together, so that other writers of the database get their turn.
    private static let largestGroup = 64

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Does a write, and returns when it is committed.
    ///
    /// - Parameter work: The write's statements, without a transaction around them. It may be called twice: if a group
    ///   cannot be committed, it is rolled back, and each of its writes is done alone.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.submit(
                Write { database in
                    let value = try work(database)
                    return { continuation.resume(returning: value) }
                } fail: { error in
                    continuation.resume(throwing: error)
                })
        }
    }

    func submit(_ write: Write) {
        let needsTurn = self.state.withLock { state in
            state.waiting.append(write)
            defer { state.hasTurn = true }
            return !state.hasTurn
        }
        if needsTurn { self.takeTurn() }
    }

    /// Each group takes a turn of its own on the writer's queue, behind what the application has put there meanwhile.
    private func takeTurn() {
        self.writer.asyncWriteWithoutTransaction { database in
            self.perform(self.nextGroup(), in: database)
            let isDone = self.state.withLock { state in
                state.hasTurn = !state.waiting.isEmpty
                return !state.hasTurn
            }
            if !isDone { self.takeTurn() }
        }
    }

    private func nextGroup() -> [Write] {
        self.state.withLock { state in
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func perform(_ group: [Write], in database: Database) {
        // SQLite gives a single statement a transaction of its own.
        guard group.count > 1 else { return Self.performEach(of: group, in: database) }
        var acknowledgements: [Acknowledgement] = []
        do {
            try database.inTransaction(.immediate) {
                acknowledgements = try group.map { try $0.perform(database) }
                return .commit
            }
            for acknowledge in acknowledgements { acknowledge() }
        } catch {
            // The group has waited for a lock as long as each of its writes may.
            guard !SQLiteStoreError.isTransient(error) else { return group.forEach { $0.fail(error) } }
            // All is rolled back. One of the writes may be the reason: alone, each gets its own answer.
            Self.performEach(of: group, in: database)
        }
    }

    private static func performEach(of writes: [Write], in database: Database) {
        for write in writes {
            do {
                try write.perform(database)()
            } catch {
                write.fail(error)
            }
        }
    }
}
