// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Ends the sessions of all users but one session, in the background: a million of them take minutes, and no browser
/// waits so long.
///
/// Sessions that begin meanwhile, with a sign-in too, stay. Each ending is an event of its own that names the operator.
final class EverybodyEnding: Sendable {
    /// How far it has come.
    struct Progress: Sendable, Equatable {
        enum State: Sendable, Equatable {
            case running, done, failed
        }

        let operatorName: String
        let start: Date
        var count = 0
        var state = State.running
    }

    private let sessions: SessionManager
    private let record = ProgressRecord()
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    deinit {
        // Outside of the lock: cancellation runs the handlers of a store.
        let task = self.task.withLock(\.self)
        task?.cancel()
    }

    /// The last one, running or not; nil if this process has never done it.
    var progress: Progress? { self.record.progress }

    /// Begins, unless it is running.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - kept: The operator's own session.
    ///   - operatorName: The user who asks for it.
    func start(in store: any ScannableSessionStore, except kept: SessionID?, by operatorName: String) {
        let start = self.sessions.clock.now()
        guard self.record.begin(Progress(operatorName: operatorName, start: start)) else { return }
        self.sessions.logger.notice(
            "an operator ends the sessions of all users",
            metadata: ["session.actor": "\(operatorName.quoted)"])
        let pass = EndingPass(
            sessions: self.sessions, store: store, kept: kept, operatorName: operatorName, start: start,
            record: self.record)
        // The task does not hold this object, with which it ends.
        let task = Task { await pass.run() }
        self.task.withLock { $0 = task }
    }
}

/// How far the last ending has come.
private final class ProgressRecord: Sendable {
    private let last = Mutex<EverybodyEnding.Progress?>(nil)

    var progress: EverybodyEnding.Progress? { self.last.withLock(\.self) }

    /// Whether this one may run: two at once would tell one end twice.
    func begin(_ progress: EverybodyEnding.Progress) -> Bool {
        self.last.withLock { last in
            guard last?.state != .running else { return false }
            last = progress
            return true
        }
    }

    func add(_ count: Int) { self.last.withLock { $0?.count += count } }

    func end(_ state: EverybodyEnding.Progress.State) { self.last.withLock { $0?.state = state } }
}

/// The work of ending all sessions.
private struct EndingPass: Sendable {
    let sessions: SessionManager
    let store: any ScannableSessionStore
    let kept: SessionID?
    let operatorName: String
    let start: Date
    let record: ProgressRecord

    /// How often the store is gone through: a sign-in may have been on its way.
    private static let maximumRounds = 20
    /// How many sessions are ended at once. The requests of visitors use the same store.
    private static let width = 4

    func run() async {
        do {
            for _ in 0..<Self.maximumRounds {
                let ended = try await self.goThrough()
                if ended == 0 { break }
            }
            self.record.end(.done)
        } catch {
            // The reason is in the log already.
            self.record.end(.failed)
        }
    }

    /// Ends what is found from the beginning of the store to its end, and counts it.
    private func goThrough() async throws -> Int {
        var total = 0
        var cursor: SessionScanCursor?
        repeat {
            try Task.checkCancellation()
            let page = try await self.sessions.asking { [cursor] in
                try await self.store.scan(after: cursor, limit: 200, at: self.sessions.clock.now())
            }
            let due = page.sessions.filter { $0.isSession && $0.createdAt <= self.start && $0.id != self.kept }
            let ended = try await self.end(due.map(\.id))
            self.record.add(ended)
            total += ended
            cursor = page.next
        } while cursor != nil
        return total
    }

    private func end(_ ids: [SessionID]) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for first in 0..<Self.width {
                group.addTask {
                    var ended = 0
                    for index in stride(from: first, to: ids.count, by: Self.width) {
                        if try await self.sessions.revoke(ids[index], by: self.operatorName) { ended += 1 }
                    }
                    return ended
                }
            }
            return try await group.reduce(0, +)
        }
    }
}
