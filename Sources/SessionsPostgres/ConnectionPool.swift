// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import Dispatch
import Sessions
import Synchronization

/// A limited number of connections, and a queue in front of them that is limited in length and in time.
///
/// A call that has begun is finished, although its task may be cancelled: half a write helps nobody, and the connection
/// would be left in the middle of an answer.
final class ConnectionPool: Sendable {
    /// How many calls may wait.
    static let maximumWaiting = 4096

    private struct Call: Sendable {
        let run: @Sendable (Lane) -> Void
        let refuse: @Sendable (PostgresStoreError) -> Void
    }

    private struct State {
        var free: [Lane]
        /// In the order of their deadlines, because all wait for equally long.
        var waiting = Deque<(deadline: ContinuousClock.Instant, call: Call)>()
        var isTimerSet = false
        var isShutDown = false
    }

    private enum Admission {
        case now(Lane)
        case waiting(needsTimer: Bool)
        case refused(PostgresStoreError)
    }

    private let lanes: [Lane]
    private let patience: Duration
    private let state: Mutex<State>
    private let timer = DispatchQueue(label: "dewar.postgres.timer")

    /// A pool of so many connections, each opened when it is needed.
    init(width: Int, patience: Duration) {
        self.lanes = (0..<max(width, 1)).map { _ in Lane() }
        self.patience = patience
        self.state = Mutex(State(free: self.lanes))
    }

    /// Does some work with a connection, on a thread that may block.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout Connection?) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.submit(
                Call(
                    run: { lane in continuation.resume(with: Result { try lane.work(work) }) },
                    refuse: { error in continuation.resume(throwing: error) }))
        }
    }

    /// Refuses what waits and what comes, finishes what is under way, and closes the connections.
    func shutdown() async {
        let waiting = self.state.withLock { state in
            state.isShutDown = true
            defer { state.waiting.removeAll() }
            return state.waiting.map(\.call)
        }
        for call in waiting { call.refuse(.shutDown) }
        for lane in self.lanes { await lane.close() }
    }

    private func submit(_ call: Call) {
        switch self.admit(call) {
        case .now(let lane): lane.queue.async { self.work(call, at: lane) }
        case .waiting(let needsTimer): if needsTimer { self.setTimer(for: .now + self.patience) }
        case .refused(let error): call.refuse(error)
        }
    }

    private func admit(_ call: Call) -> Admission {
        self.state.withLock { state in
            if state.isShutDown { return .refused(.shutDown) }
            // The lane that was free last: few connections are kept in use, and those are warm.
            if let lane = state.free.popLast() { return .now(lane) }
            guard state.waiting.count < Self.maximumWaiting else { return .refused(self.exhausted) }
            state.waiting.append((.now + self.patience, call))
            defer { state.isTimerSet = true }
            return .waiting(needsTimer: !state.isTimerSet)
        }
    }

    /// A lane stays taken for as long as there is work.
    private func work(_ first: Call, at lane: Lane) {
        first.run(lane)
        while let call = self.next(at: lane) { call.run(lane) }
    }

    private func next(at lane: Lane) -> Call? {
        self.state.withLock { state in
            if let call = state.waiting.popFirst()?.call { return call }
            state.free.append(lane)
            return nil
        }
    }

    private func setTimer(for moment: ContinuousClock.Instant) {
        let milliseconds = max(ContinuousClock.now.duration(to: moment).milliseconds, 0) + 1
        self.timer.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            self?.refuseTheLate()
        }
    }

    private func refuseTheLate() {
        let now = ContinuousClock.now
        let (late, next) = self.state.withLock { state in
            var late: [Call] = []
            while let first = state.waiting.first, first.deadline <= now {
                late.append(first.call)
                state.waiting.removeFirst()
            }
            state.isTimerSet = !state.waiting.isEmpty
            return (late, state.waiting.first?.deadline)
        }
        for call in late { call.refuse(self.exhausted) }
        if let next { self.setTimer(for: next) }
    }

    private var exhausted: PostgresStoreError {
        PostgresStoreError(
            .exhausted,
            "All \(self.lanes.count) connections of the session store are in use, and none became free in time; allow "
                + "it more of them, or find out what the database is busy with.")
    }
}
