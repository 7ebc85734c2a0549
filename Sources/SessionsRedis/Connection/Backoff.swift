// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Exponential backoff with a limit. Each pause is shortened at random, so that many clients do not return together.
struct Backoff: Sendable {
    private var next: Duration
    private let limit: Duration

    init(first: Duration, limit: Duration) {
        self.next = first
        self.limit = limit
    }

    mutating func pause() -> Duration {
        defer { self.next = min(self.next * 2, self.limit) }
        return self.next * Double.random(in: 0.5...1)
    }
}
