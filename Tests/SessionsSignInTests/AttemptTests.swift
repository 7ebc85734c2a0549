// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSignIn
import Testing

/// Attempts to sign in, for suites about the limit of them.
protocol AttemptTests {}

extension AttemptTests {
    /// Fails so many attempts.
    func fail(
        _ count: Int, _ limit: SignInLimit, as user: String = "ada", from address: String? = nil
    ) async throws {
        for _ in 0..<count {
            #expect(try await limit.attempt(as: user, from: address) { false } == false)
        }
    }

    /// The error of an attempt that is refused before the password is checked.
    func refusal(
        _ limit: SignInLimit, as user: String = "ada", from address: String? = nil
    ) async throws -> SignInLimitReached {
        try #require(
            await #expect(throws: SignInLimitReached.self) {
                _ = try await limit.attempt(as: user, from: address) {
                    Issue.record("the password was checked")
                    return true
                }
            })
    }
}
