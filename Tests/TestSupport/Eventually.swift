// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Waits until something holds that happens in its own time, in a server or in a task that nobody can await, and fails
/// after a while.
///
/// It looks again and again, and so waits no longer than it takes: neither has a clock that a test could move. What the
/// code under test does by the time of day has one.
public func eventually(
    _ what: String, within limit: Duration = .seconds(120), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < deadline else {
            throw Overdue(description: "It did not happen in \(limit) that \(what).")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

private struct Overdue: Error, CustomStringConvertible {
    let description: String
}
