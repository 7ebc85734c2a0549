// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Turns at writing a session, first come, first served: for requests that found somebody else writing it.
final class WriteTurns: Sendable {
    /// Who waits for each session that somebody is writing.
    private let queues = Mutex<[SessionID: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits for a turn. Whoever has had it must pass it on.
    func take(_ id: SessionID) async {
        await withCheckedContinuation { continuation in
            let isFree = self.queues.withLock { queues in
                guard queues[id] != nil else {
                    queues[id] = []
                    return true
                }
                queues[id]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func pass(_ id: SessionID) {
        let next = self.queues.withLock { queues in
            guard queues[id]?.isEmpty == false else {
                queues[id] = nil
                return nil as CheckedContinuation<Void, Never>?
            }
            return queues[id]?.removeFirst()
        }
        next?.resume()
    }
}
