// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Synchronization

// Adds to a number on several threads, with a mutex around it or, with an argument, without one. scripts/sanitize sees by
// it that the thread sanitizer finds what it should, and nothing else.

final class Counter: Sendable {
    let mutex = Mutex(())
    nonisolated(unsafe) var count = 0
}

let counter = Counter()
let isGuarded = CommandLine.arguments.count == 1
DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for _ in 0..<200_000 {
        if isGuarded { counter.mutex.withLock { _ in counter.count += 1 } } else { counter.count += 1 }
    }
}
print(counter.count)
