// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// One wait: it ends when its time has come, or earlier when its task is cancelled.
final class Timer: Sendable {
    /// Microseconds since the beginning of the run.
    let due: Int
    private let waiter = Mutex<(continuation: CheckedContinuation<Void, Never>?, isOver: Bool)>((nil, false))

    init(due: Int) {
        self.due = due
    }

    /// - Parameter continuation: Is resumed at the end of the wait, at once if that has come.
    func set(_ continuation: CheckedContinuation<Void, Never>) {
        let isOver = self.waiter.withLock { waiter in
            if !waiter.isOver { waiter.continuation = continuation }
            return waiter.isOver
        }
        if isOver { continuation.resume() }
    }

    func wake() {
        let continuation = self.waiter.withLock { waiter in
            defer { waiter = (nil, true) }
            return waiter.continuation
        }
        continuation?.resume()
    }
}

/// Timers in the order of their ends, and of their coming where two end at once: a binary heap.
struct Timers {
    private var heap: [(due: Int, number: Int, timer: Timer)] = []
    private var count = 0

    var isEmpty: Bool { self.heap.isEmpty }

    mutating func insert(_ timer: Timer) {
        self.count += 1
        self.heap.append((timer.due, self.count, timer))
        var child = self.heap.count - 1
        while child > 0, self.isBefore(child, (child - 1) / 2) {
            self.heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The first timer if it ends at a time or earlier.
    mutating func takeFirst(due time: Int) -> Timer? {
        guard let first = self.heap.first, first.due <= time else { return nil }
        return self.takeFirst()
    }

    mutating func takeFirst() -> Timer? {
        guard let first = self.heap.first else { return nil }
        self.heap.swapAt(0, self.heap.count - 1)
        self.heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < self.heap.count && self.isBefore(child, least) {
                least = child
            }
            guard least != parent else { return first.timer }
            self.heap.swapAt(parent, least)
            parent = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (self.heap[left].due, self.heap[left].number) < (self.heap[right].due, self.heap[right].number)
    }
}
