// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Counts allocations where the library of `Benchmarks/malloc_count.c` is loaded in front of the system's, as that file
/// says. Elsewhere nothing is counted.
enum AllocationCounter {
    private typealias Counter = @convention(c) () -> UInt64

    private static let counter: Counter? = {
        // The handle nil asks among everything that is loaded; the symbol, if there is one, is a function of this type.
        guard let symbol = unsafe dlsym(nil, "dewar_malloc_count") else { return nil }
        return unsafe unsafeBitCast(symbol, to: Counter.self)
    }()

    /// How many times the process has asked for memory.
    static var count: UInt64? { self.counter?() }
}
