// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The order in which tasks run, and the time: both follow from a seed.
///
/// A job that could run waits in a list. The next one is drawn by lot, and runs on this thread until it awaits
/// something. Time stands still while a job could run; when none can, it jumps to the first timer.
package final class Schedule: TaskExecutor {
    /// The one schedule of the program: Swift's runtime has one place for its hooks.
    package static let shared = Schedule()

    private struct State {
        var jobs: [Job] = []
        var lots = SeededGenerator(seed: 0)
        var trace = Trace()
        var timers = Timers()
        var now = 0
        /// Of a thousand jobs, how many stop at each call of an `async` function, and not only where they have to wait.
        var stops = 0
        /// Whether all timers that end at one moment end together, and not each when nothing else could run.
        var endsTogether = false
    }

    private struct Job {
        let job: UnownedJob
        let isForWorld: Bool
        var stopsOften = false
    }

    /// What jobs run on that belong to no actor, as in Swift's thread pool: a task that calls or leaves an `async`
    /// function goes on at once.
    private static let pool = {
        // The runtime has no other name for its pool than two words that are zero (SerialExecutorRef::generic), and the
        // type is those two words.
        let zeros: (UInt, UInt) = (0, 0)
        return unsafe unsafeBitCast(zeros, to: UnownedSerialExecutor.self)
    }()

    /// In a server threads run at once, so that what another task does may come in anywhere. A run in which every call
    /// is such a place has several times the jobs of one in which only waits are; most bugs need few of them.
    private static let stops = [0, 0, 20, 20, 20, 20, 200, 200, 1000]

    private init() {}

    /// The lock is never held while a job runs, and never waited for: one thread alone takes it.
    private let state = Mutex(State())

    /// The thread that jobs run on, as the system numbers it; 0 between runs.
    private let thread = Atomic<UInt>(0)

    /// Microseconds since the beginning of the run.
    package var now: Int { self.state.withLock { $0.now } }

    /// The fingerprint of all that has happened, in its order.
    package var fingerprint: UInt64 { self.state.withLock { $0.trace.hash } }

    /// How many jobs have run.
    package var jobCount: Int { self.state.withLock { $0.trace.count } }

    /// Begins anew, on this thread; nothing may be left of the run before.
    ///
    /// - Parameters:
    ///   - stops: Of a thousand jobs, how many stop at each call of an `async` function; nil for what the seed decides.
    ///   - timersEndTogether: Whether all timers that end at one moment end before the first of their tasks goes on, so
    ///     that tasks which take no time run at once.
    package func begin(seed: UInt64, stops: Int? = nil, timersEndTogether: Bool = false) {
        self.thread.store(Self.currentThread, ordering: .sequentiallyConsistent)
        self.state.withLock { state in
            precondition(state.jobs.isEmpty, "a task of the run before is left")
            state = State(lots: SeededGenerator(seed: seed))
            let drawn = Self.stops[Int.random(in: 0..<Self.stops.count, using: &state.lots)]
            state.stops = stops ?? drawn
            state.endsTogether = timersEndTogether
        }
    }

    /// Ends a run of which something may be left: what still waits is dropped, and never goes on. From now on this
    /// thread's tasks run as those of any other.
    package func end() {
        while let timer = self.state.withLock({ $0.timers.takeFirst() }) { timer.wake() }
        self.state.withLock { $0.jobs = [] }
        self.thread.store(0, ordering: .sequentiallyConsistent)
    }

    /// Adds what happened to the fingerprint.
    package func note(_ value: UInt64) { self.state.withLock { $0.trace.add(value) } }

    /// Whether this is the thread of a run.
    package var isOnItsThread: Bool { self.thread.load(ordering: .sequentiallyConsistent) == Self.currentThread }

    /// Whether something could run, now or later.
    package var hasMore: Bool { self.state.withLock { !$0.jobs.isEmpty || !$0.timers.isEmpty } }

    private static var currentThread: UInt {
        #if canImport(Darwin)
        unsafe UInt(bitPattern: pthread_self())
        #else
        UInt(pthread_self())
        #endif
    }

    func add(_ job: UnownedJob, isForWorld: Bool) {
        guard self.isOnItsThread else {
            // Task.yield() in a task that runs as in the pool goes to the pool's threads, and not to the hook.
            precondition(TaskHook.leavesOtherThreads, "a task runs on a thread of its own")
            // No seed decides when another thread brings a job of the simulation: it is dropped, and the run stands
            // still.
            return
        }
        self.state.withLock { $0.jobs.append(Job(job: job, isForWorld: isForWorld)) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        self.add(UnownedJob(job), isForWorld: false)
    }

    // MARK: - Running

    /// Runs until nothing is left that could run, now or later.
    package func run() {
        while self.step() {}
    }

    /// Runs until something has come about, or nothing is left that could run, or after so many steps.
    package func run(atMost steps: Int, until isOver: () -> Bool = { false }) {
        var left = steps
        while left > 0, !isOver(), self.step() { left -= 1 }
    }

    private func step() -> Bool {
        let next = self.state.withLock { state -> (Job?, Timer?) in
            guard !state.jobs.isEmpty else {
                guard let timer = state.timers.takeFirst() else { return (nil, nil) }
                state.now = max(state.now, timer.due)
                state.trace.add(UInt64(timer.due))
                return (nil, timer)
            }
            let index = Int.random(in: 0..<state.jobs.count, using: &state.lots)
            state.trace.add(UInt64(state.jobs.count) << 32 | UInt64(index))
            state.trace.count += 1
            state.jobs.swapAt(index, state.jobs.count - 1)
            var job = state.jobs.removeLast()
            if state.stops > 0, !job.isForWorld {
                job.stopsOften = Int.random(in: 0..<1000, using: &state.lots) < state.stops
            }
            return (job, nil)
        }
        switch next {
        case (let job?, _): self.run(job)
        case (nil, let timer?):
            timer.wake()
            while let other = self.state.withLock({ $0.endsTogether ? $0.timers.takeFirst(due: timer.due) : nil }) {
                other.wake()
            }
        case (nil, nil): return false
        }
        return true
    }

    private func run(_ job: Job) {
        // Each job has been taken out of the list, and runs once.
        if job.isForWorld {
            unsafe job.job.runSynchronously(on: Simulated.shared.unownedExecutor)
        } else if job.stopsOften {
            // No task has been told to run on a task executor, so that the runtime takes it back to the pool at the
            // next call or return: to the schedule.
            unsafe job.job.runSynchronously(on: self.asUnownedTaskExecutor())
        } else {
            unsafe job.job.runSynchronously(on: Self.pool)
        }
    }

    // MARK: - Time

    /// Waits in the time of the schedule; a cancelled task does not wait on.
    package func sleep(_ duration: Duration) async throws {
        let (seconds, attoseconds) = duration.components
        await self.wait(microseconds: Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
        try Task.checkCancellation()
    }

    /// Lets other tasks run.
    package func yield() async { await self.wait(microseconds: 0) }

    private func wait(microseconds: Int) async {
        let timer = Timer(due: self.now + max(microseconds, 0))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                timer.set(continuation)
                self.state.withLock { $0.timers.insert(timer) }
            }
        } onCancel: {
            timer.wake()
        }
    }

    /// Waits, in the world. It takes one job, where a function that belongs to no actor takes three.
    @Simulated
    package func pause(microseconds: Int) async {
        let timer = Timer(due: self.now + max(microseconds, 0))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                timer.set(continuation)
                self.state.withLock { $0.timers.insert(timer) }
            }
        } onCancel: {
            timer.wake()
        }
    }
}

/// What has happened, as one number.
package struct Trace: Sendable {
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    /// How many jobs have run.
    package var count = 0

    package init() {}

    /// The sums and products wrap: it is arithmetic modulo 2^64.
    package mutating func add(_ value: UInt64) {
        var mixed = self.hash ^ value &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
        self.hash = mixed ^ mixed >> 32
    }
}
