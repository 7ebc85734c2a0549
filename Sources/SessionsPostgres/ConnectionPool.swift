// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Sessions
import Synchronization

/// A limited number of connections, and in front of them a queue with a limited length and waiting time.
///
/// No call opens a connection itself. It waits until one is free, and the pool opens more while calls wait. So when the
/// server refuses another connection, or is slow to open one, the pool works with those that it has. If it has none and
/// cannot open any, every waiting call fails with the reason. The server is then known to be down: calls fail at once,
/// and the pool itself tries to connect until it succeeds.
///
/// A call that has begun is finished even if its task is cancelled. Otherwise a write could be left half done, and the
/// connection in the middle of an answer.
final class ConnectionPool: Sendable {
    /// How many calls may wait.
    static let maximumWaiting = 4096

    private enum Admission {
        case now(Lane)
        case waiting
        case refused(any Error)
    }

    private let lanes: [Lane]
    private let patience: Duration
    private let connect: @Sendable () throws -> Connection
    private let state: Mutex<PoolState>
    private let timer = DispatchQueue(label: "dewar.postgres.timer")

    /// A pool of at most `width` connections, each opened when it is needed.
    ///
    /// - Parameters:
    ///   - patience: How long a call waits for a free connection.
    ///   - connect: Opens a connection; it may block.
    init(width: Int, patience: Duration, connect: @escaping @Sendable () throws -> Connection) {
        self.lanes = (0..<max(width, 1)).map { _ in Lane() }
        self.patience = patience
        self.connect = connect
        self.state = Mutex(PoolState(lanes: self.lanes))
    }

    /// Runs work with a connection, on a thread that may block. When the work returns nil, it runs again on another
    /// connection.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (Connection, inout CallHistory) throws -> Value?
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.submit(
                PoolCall(deadline: .now + self.patience) { connection, history in
                    do {
                        guard let value = try work(connection, &history) else { return .again }
                        continuation.resume(returning: value)
                    } catch {
                        continuation.resume(throwing: error)
                    }
                    return .answered
                } fail: { error in
                    continuation.resume(throwing: error)
                })
        }
    }

    /// Refuses waiting and new calls, finishes those in flight, and closes the connections.
    func shutdown() async {
        let waiting = self.state.withLock { state in
            state.isShutDown = true
            return state.takeWaiting()
        }
        for call in waiting { call.refuse(PostgresStoreError.shutDown) }
        for lane in self.lanes { await lane.close() }
    }

    // MARK: - Calls

    private func submit(_ call: PoolCall) {
        switch self.admit(call) {
        case .now(let lane): lane.queue.async { self.work(call, at: lane) }
        case .waiting: self.serveWaiting()
        case .refused(let error): call.refuse(error)
        }
    }

    private func admit(_ call: PoolCall) -> Admission {
        self.state.withLock { state in
            if state.isShutDown { return .refused(PostgresStoreError.shutDown) }
            if let lane = state.idle.popLast() {
                state.working += 1
                return .now(lane)
            }
            if !state.isConnected, let failure = state.outage.refusal(at: .now) { return .refused(failure) }
            guard state.waiting.count < Self.maximumWaiting else { return .refused(self.exhausted) }
            state.enqueue(call)
            return .waiting
        }
    }

    /// Runs one call after the other; the lane stays taken as long as calls wait.
    private func work(_ first: PoolCall, at lane: Lane) {
        var next: PoolCall? = first
        while let call = next {
            let report = lane.work(call)
            let again = report.outcome == .again ? call.again(report.history) : nil
            next = self.next(at: lane, isConnected: report.isConnected, again: again)
        }
    }

    private func next(at lane: Lane, isConnected: Bool, again: PoolCall?) -> PoolCall? {
        let next: PoolCall? = self.state.withLock { state in
            if let again { state.enqueue(again) }
            if isConnected, let next = state.next() { return next }
            state.working -= 1
            if isConnected { state.idle.append(lane) } else { state.empty.append(lane) }
            return nil
        }
        if next == nil { self.serveWaiting() }
        return next
    }

    // MARK: - Connections

    /// Gives free connections to waiting calls, opens more for the others, and sets the timer that ends their wait.
    private func serveWaiting() {
        let (late, served) = self.state.withLock { state in
            (state.isShutDown ? state.takeWaiting() : [], state.takeServed())
        }
        let (lanes, deadline) = self.state.withLock { state -> ([Lane], ContinuousClock.Instant?) in
            let lanes = state.takeLanesToOpen(at: .now)
            let deadline = state.isTimerSet ? nil : state.waiting.first?.deadline
            state.isTimerSet = state.isTimerSet || deadline != nil
            return (lanes, deadline)
        }
        for call in late { call.refuse(PostgresStoreError.shutDown) }
        for (lane, call) in served { lane.queue.async { self.work(call, at: lane) } }
        for lane in lanes { lane.queue.async { self.open(lane) } }
        if let deadline { self.setTimer(for: deadline) }
    }

    private func open(_ lane: Lane) {
        let began = ContinuousClock.now
        var failures = 0
        while true {
            do {
                try lane.open(self.connect)
                return self.opened(lane)
            } catch {
                failures += 1
                guard self.mayTryAgain(lane, after: error, began: began, failures: failures) else { return }
            }
            DatabaseAccess.pause()
        }
    }

    private func opened(_ lane: Lane) {
        let call: PoolCall? = self.state.withLock { state in
            if !state.isConnected { state.extendWaiting(until: .now + self.patience) }
            state.opened()
            state.working += 1
            return state.next()
        }
        if let call {
            self.work(call, at: lane)
        } else if let call = self.next(at: lane, isConnected: true, again: nil) {
            self.work(call, at: lane)
        }
    }

    /// Whether a lane that could not connect tries again.
    ///
    /// If the pool has other connections, waiting calls wait for those, and the lane gives up. Otherwise the lane tries
    /// once more, and then the calls fail. Calls that have lost their connection keep waiting until their deadline, for
    /// a server that restarts.
    private func mayTryAgain(
        _ lane: Lane, after error: any Error, began: ContinuousClock.Instant, failures: Int
    ) -> Bool {
        let now = ContinuousClock.now
        let failure = (error as? ConnectionFailure)?.whileOpening
        let (mayTryAgain, refused, probe) = self.state.withLock { state -> (Bool, [PoolCall], Duration?) in
            if state.isConnected || state.opening > 1 || state.isShutDown {
                state.gaveUp(lane, at: now)
                return (false, state.isShutDown ? state.takeWaiting() : [], nil)
            }
            let isWaitedFor = state.waiting.contains { $0.deadline > now }
            let isEarly = failures < 2 || failure?.isCut == true && now < began + self.patience
            if failure != nil, isEarly, isWaitedFor { return (true, [], nil) }
            let refused = state.takeWaiting { failure == nil || $0.history.loss == nil || $0.deadline <= now }
            if let failure { state.outage.failed(failure.unsent, began: began, at: now, isLasting: true) }
            guard state.waiting.isEmpty else { return (true, refused, nil) }
            state.gaveUp(lane, at: now)
            return (false, refused, failure == nil ? nil : state.nextProbePause())
        }
        let reason: any Error = failure?.unsent ?? error
        for call in refused { call.refuse(reason) }
        if let probe { self.probe(after: probe) }
        if !mayTryAgain { self.serveWaiting() }
        return mayTryAgain
    }

    /// Tries to connect without a waiting call, because calls do not wait for a server that is known to be down.
    private func probe(after pause: Duration) {
        self.timer.asyncAfter(deadline: .now() + .milliseconds(pause.milliseconds)) { [weak self] in
            guard let self else { return }
            let lane: Lane? = self.state.withLock { state in
                guard !state.isShutDown, state.outage.isFailing, !state.isConnected, state.opening == 0,
                    let lane = state.empty.popLast()
                else { return nil }
                state.opening += 1
                return lane
            }
            if let lane { lane.queue.async { self.open(lane) } }
        }
    }

    // MARK: - Time

    private func setTimer(for moment: ContinuousClock.Instant) {
        let milliseconds = max(ContinuousClock.now.duration(to: moment).milliseconds, 0) + 1
        self.timer.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            self?.refuseTheLate()
        }
    }

    /// Refuses calls past their deadline. Without any connection they wait for the one that is being opened, which has
    /// its own time limit.
    private func refuseTheLate() {
        let now = ContinuousClock.now
        let (late, next) = self.state.withLock { state -> ([PoolCall], ContinuousClock.Instant?) in
            let late = state.isConnected ? state.takeWaiting { $0.deadline <= now } : []
            let next = state.waiting.first.map { max($0.deadline, now + .milliseconds(100)) }
            state.isTimerSet = next != nil
            return (late, next)
        }
        for call in late { call.refuse(self.exhausted) }
        if let next { self.setTimer(for: next) }
    }

    private var exhausted: PostgresStoreError {
        PostgresStoreError(
            .exhausted,
            "All connections of the session store are in use, at most \(self.lanes.count), and none became free in time; "
                + "allow it more of them, here and at the server, or find out what the database is busy with.")
    }
}
