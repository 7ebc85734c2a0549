// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Turns at writing something, a session say, first come, first served: for requests that found another one writing it.
final class WriteTurns<Key: Hashable & Sendable>: Sendable {
    /// The requests that wait for each thing that one is writing.
    private let queues = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits for a turn. The request that has had it must pass it on.
    func take(_ key: Key) async {
        await withCheckedContinuation { continuation in
            let isFree = self.queues.withLock { queues in
                guard queues[key] != nil else {
                    queues[key] = []
                    return true
                }
                queues[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func pass(_ key: Key) {
        let next = self.queues.withLock { queues in
            guard queues[key]?.isEmpty == false else {
                queues[key] = nil
                return nil as CheckedContinuation<Void, Never>?
            }
            return queues[key]?.removeFirst()
        }
        next?.resume()
    }
}
