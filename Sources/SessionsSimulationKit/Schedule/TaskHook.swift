// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Takes every job of Swift's tasks away from the thread pool, and gives it to the schedule.
///
/// The runtime has a variable for that; a function in it is called in place of the pool. It is for the whole process:
/// a program of one thread, or one whose other threads go on with the pool.
package enum TaskHook {
    /// How the runtime calls the hook: with the job, and with the function that it takes the place of.
    private typealias Hook = @convention(thin) (UnownedJob, @convention(thin) (UnownedJob) -> Void) -> Void

    private static let leaves = Atomic(false)

    /// Whether threads on which no simulation runs have the thread pool, as in a program of tests.
    static var leavesOtherThreads: Bool { Self.leaves.load(ordering: .relaxed) }

    /// Sends all jobs to the schedule from now on, or those of the simulation's thread.
    ///
    /// - Returns: False where the runtime has no such variable.
    package static func install(leavingOtherThreads: Bool = false) -> Bool {
        Self.leaves.store(leavingOtherThreads, ordering: .sequentiallyConsistent)
        // The handle of the program itself finds what its libraries export; the variable lives as long as the program.
        guard let address = unsafe dlsym(dlopen(nil, RTLD_LAZY), "swift_task_enqueueGlobal_hook") else { return false }
        // It holds a function of this type, or none, as the runtime's source has it. It is one word, so that another
        // thread reads the one or the other.
        let variable = unsafe address.assumingMemoryBound(to: Hook?.self)
        unsafe variable.pointee = { job, pool in
            if TaskHook.leavesOtherThreads, !Schedule.shared.isOnItsThread { return pool(job) }
            Schedule.shared.add(job, isForWorld: false)
        }
        return true
    }
}
