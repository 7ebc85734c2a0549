// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

/// Concurrent operations give results that some sequential order explains.
enum LinearizabilityChecks {
    static let all = [
        StoreCheck("concurrent reads, writes and removals of a session have an order", order)
    ]

    /// Many short histories, because the number of possible orders grows with a history's length.
    private static func order(_ trial: StoreTrial) async throws {
        let rounds = max(trial.settings.operations / 20, 1)
        for round in 0..<rounds {
            let history = try await Self.history(of: round, trial)
            guard !History.isLinearizable(history) else { continue }
            let lines = history.sorted { $0.began < $1.began }.map(\.description)
            let head = "seed \(trial.settings.seed), round \(round): no order explains these operations"
            return trial.fail(([head] + lines).joined(separator: "\n        "))
        }
    }

    /// The operations of four clients that work on one session at once, four operations each.
    private static func history(of round: Int, _ trial: StoreTrial) async throws -> [StoreEvent] {
        let clock = EventClock()
        let base = trial.record(user: trial.newUser())
        // A seed may be any number, so the sum may wrap.
        let seed = trial.settings.seed &+ UInt64(round) &* 4
        let histories = try await trial.inParallel(4) { client in
            var client = RandomClient(number: client, seed: seed &+ UInt64(client), base: base, clock: clock)
            return try await client.run(4, on: trial)
        }
        return histories.flatMap { $0 }
    }
}
