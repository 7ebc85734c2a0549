// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Queues the requests that want to write the same thing, such as one session: first come, first served.
@usableFromInline package final class WriteTurns<Key: Hashable & Sendable>: Sendable {
    /// The requests that wait for each thing that another request is writing.
    private let queues = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    package init() {}

    /// Waits until no other request writes this. The caller must then call `pass`.
    package func take(_ key: Key) async {
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

    package func pass(_ key: Key) {
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
