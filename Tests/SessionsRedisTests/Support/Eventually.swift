// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Waits until something holds, and fails after a while.
func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw ServerError("It did not happen in \(limit) that \(what).") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
