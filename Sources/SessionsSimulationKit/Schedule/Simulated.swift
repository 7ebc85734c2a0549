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
}
