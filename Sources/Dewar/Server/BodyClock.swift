// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import NIOCore

/// How long the server has waited for a body. Time in which the application does other things does not count.
package struct BodyClock: Hashable, Sendable {
    private var received = 0
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?

    package init() {}

    /// The server wants more of the body.
    package mutating func wait(now: NIODeadline) {
        self.waitingSince = self.waitingSince ?? now
    }

    package mutating func receive(_ count: Int, now: NIODeadline) {
        if let since = self.waitingSince { self.waited = self.waited + (now - since) }
        self.waitingSince = nil
        self.received += count
    }

    /// When this wait, or the sum of all waits, becomes too long; nil while the server does not wait.
    ///
    /// - Parameters:
    ///   - timeout: The longest single wait, and what the sum of all waits may be before any byte arrives.
    ///   - rate: How many bytes allow the sum one more second; 0 for a sum without limit.
    package func deadline(timeout: TimeAmount, rate: Int) -> NIODeadline? {
        guard let since = self.waitingSince else { return nil }
        guard rate > 0 else { return since + timeout }
        // Whole seconds are enough, and cannot overflow.
        let left = timeout + .seconds(Int64(self.received / rate)) - self.waited
        return since + min(timeout, max(left, .zero))
    }
}
