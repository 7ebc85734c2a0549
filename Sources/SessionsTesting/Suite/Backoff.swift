// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How a writer waits for others: it steps back at first, and in a crowd draws lots.
enum Backoff {
    static func wait(after attempts: Int) async {
        guard attempts > 3 else { return await Task.yield() }
        try? await Task.sleep(for: .microseconds(Int.random(in: 0...(100 * min(attempts, 20)))))
    }
}
