// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The streams of a connection whose tasks run.
///
/// A client may reset a stream as soon as it has opened it, and open the next one, so that it never has many under way;
/// but a handler that has begun runs to its end. Without a limit for these, one connection could fill the server with
/// work (CVE-2023-44487).
final class RunningStreams: Sendable {
    /// As many as may be open, and as many again whose streams are closed and whose tasks have yet to end.
    static let maximum = 200

    private let count = Mutex(0)

    /// A task is about to begin.
    ///
    /// - Returns: Whether there is room for it; otherwise its stream must be refused. Either way it must end with
    ///   ``leave()``.
    func enter() -> Bool {
        self.count.withLock { count in
            count += 1
            return count <= Self.maximum
        }
    }

    /// A task has ended.
    func leave() {
        self.count.withLock { $0 -= 1 }
    }
}
