// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Exponential backoff with a limit. Each pause is shortened at random, so that many clients do not return together.
package struct Backoff: Sendable {
    private var next: Duration
    private let limit: Duration

    package init(first: Duration, limit: Duration) {
        self.next = first
        self.limit = limit
    }

    /// The pauses of a store between two attempts to connect to a server that is down. The limit decides how soon the
    /// store notices that the server is back.
    package static var reconnecting: Backoff { Backoff(first: .milliseconds(20), limit: .milliseconds(500)) }

    package mutating func pause() -> Duration {
        defer { self.next = min(self.next * 2, self.limit) }
        return self.next * Double.random(in: 0.5...1)
    }
}
