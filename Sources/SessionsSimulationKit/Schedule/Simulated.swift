// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where everything of the simulated world lives, so that it needs no locks: one lane, whose jobs the schedule runs one
/// at a time, among those of the library.
@globalActor
package actor Simulated {
    package static let shared = Simulated()

    private static let lane = Lane()

    // The lane lives as long as the program.
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe Self.lane.asUnownedSerialExecutor() }

    private final class Lane: SerialExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            Schedule.shared.add(UnownedJob(job), isForWorld: true)
        }
    }

    /// A task of the world whose calls of the library, of a store above all, are the schedule's wherever they go.
    ///
    /// `Task.yield()` in an actor leaves the hook aside: it goes to the executor that the task prefers, and to a thread
    /// of Swift's pool if it prefers none.
    static func task(_ body: @escaping @Simulated @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: Self.home) { await body() }
    }

    private static let home = Home()

    /// It is another executor than the one that jobs are run on, so that a task stops where it comes home.
    private final class Home: TaskExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            Schedule.shared.add(UnownedJob(job), isForWorld: false)
        }
    }
}
