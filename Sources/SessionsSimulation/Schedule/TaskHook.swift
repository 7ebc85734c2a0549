// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Takes every job of Swift's tasks away from the thread pool, and gives it to the schedule.
///
/// The runtime has a variable for that; a function in it is called in place of the pool. It is for the whole process,
/// so that the simulation is a program of its own. The program has one thread.
enum TaskHook {
    /// How the runtime calls the hook: with the job, and with the function that it takes the place of.
    private typealias Hook = @convention(thin) (UnownedJob, @convention(thin) (UnownedJob) -> Void) -> Void

    /// Sends all jobs to the schedule from now on.
    ///
    /// - Returns: False where the runtime has no such variable.
    static func install() -> Bool {
        // The handle of the program itself finds what its libraries export; the variable lives as long as the program.
        guard let address = unsafe dlsym(dlopen(nil, RTLD_LAZY), "swift_task_enqueueGlobal_hook") else { return false }
        // It holds a function of this type, or none, as the runtime's source has it.
        let variable = unsafe address.assumingMemoryBound(to: Hook?.self)
        unsafe variable.pointee = { job, _ in Schedule.shared.add(job, isForWorld: false) }
        return true
    }
}
