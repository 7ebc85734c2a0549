// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions
import SessionsSignIn
import SessionsTesting

/// What attackers do to an account: a hundred wrong passwords at once, by two processes that share a store.
package struct GuessingAttack {
    /// How many passwords were checked.
    package let checked: Int
    /// How many attempts were refused.
    package let refused: Int
    /// What a scan of the store lists as sessions afterwards; nil if it cannot be scanned.
    package let listed: Int?

    /// - Parameter store: The store; an engine that expires records by its own clock needs the real time.
    package init(on store: any SessionStore, clock: SessionClock = .system) async throws {
        let keys = SecretKeys(SecretKey(bytes: SessionRandom.system.bytes(32)))
        let limits = (0..<2).map { _ in SignInLimit(in: store, keys: keys, clock: clock) }
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    do {
                        let limit = limits[index % 2]
                        return try await !limit.attempt(as: "ada", from: "192.0.2.\(index)") { false }
                    } catch is SignInLimitReached {
                        return false
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        self.checked = outcomes.count { $0 }
        self.refused = outcomes.count { !$0 }
        self.listed = try await (store as? any ScannableSessionStore)?
            .scan(after: nil, limit: 1000, at: clock.now()).sessions.count { $0.isSession }
    }
}
