// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Waits until another process, or a task in the background that a test cannot await, has done something; fails after a
/// while.
///
/// A server of its own, such as Redis, has no clock that a test could move. So this asks again and again, and waits no
/// longer than the server takes. What Dewar's own code does by the time of day has a clock, which a test moves instead.
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
