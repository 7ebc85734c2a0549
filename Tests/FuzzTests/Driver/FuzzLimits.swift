// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import FuzzMemory

/// What one input may cost, and what becomes of one that costs more or violates what must hold: the process stops, and
/// libFuzzer keeps the input.
enum FuzzLimits {
    private static let milliseconds = 100
    private static let mebibytes = 64
    /// A busy machine makes one measurement too long, and hardly all.
    private static let measurements = 5

    static func check(_ target: FuzzTarget, _ input: [UInt8]) {
        fuzz_memory_start()
        var time = Self.time(target, input)
        let memory = fuzz_memory_stop()
        if memory > Self.mebibytes << 20 {
            Self.stop("takes \(memory >> 20) MiB at once, more than \(Self.mebibytes)")
        }
        for _ in 1..<Self.measurements where time > Self.milliseconds { time = min(time, Self.time(target, input)) }
        if time > Self.milliseconds {
            Self.stop(
                "takes \(time) ms, more than \(Self.milliseconds), in the best of \(Self.measurements) measurements")
        }
    }

    /// Stops a program in which memory is not counted: with another sanitizer, or none, no input would ever take too
    /// much.
    static func checkMemoryMeter() {
        let expected = 3 << 20
        fuzz_memory_start()
        let count = String(repeating: "a", count: expected).utf8.count
        let memory = fuzz_memory_stop()
        guard count == expected, memory >= expected, memory < 4 * expected else {
            Self.stop("cannot be judged: memory is not counted")
        }
    }

    /// The milliseconds of the processor's time that the input takes.
    private static func time(_ target: FuzzTarget, _ input: [UInt8]) -> Int {
        let start = Self.now
        do {
            try target.check(input)
        } catch {
            Self.stop("violates: \(error)")
        }
        return Int((Self.now - start) / 1_000_000)
    }

    /// The nanoseconds of the processor's time that this thread has had.
    static var now: UInt64 { Self.nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func stop(_ finding: String) -> Never {
        FileHandle.standardError.write(Data("\nFINDING: the input \(finding)\n".utf8))
        abort()
    }
}
