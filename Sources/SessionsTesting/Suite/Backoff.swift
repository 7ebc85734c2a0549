// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The backoff of a writer that has lost a race: it yields at first, and later sleeps for a random time.
enum Backoff {
    static func wait(after attempts: Int) async {
        guard attempts > 3 else { return await Task.yield() }
        try? await Task.sleep(for: .microseconds(Int.random(in: 0...(100 * min(attempts, 20)))))
    }
}
