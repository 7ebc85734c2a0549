// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Foundation
import Synchronization

/// A stack as the threads of a pool have it on some systems.
package enum SmallStack {
    /// musl's is 128 KiB; unoptimised code takes several times as much.
    #if DEBUG
    private static let size = 512 << 10
    #else
    private static let size = 128 << 10
    #endif

    /// What the body gives on a thread with such a stack. Where the stack is too small, the process ends.
    package static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
        let box = ResultBox<Result>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.result.withLock { $0 = body() }
            done.signal()
        }
        thread.stackSize = Self.size
        thread.start()
        done.wait()
        return box.result.withLock { $0 }
    }
}

private final class ResultBox<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
}
