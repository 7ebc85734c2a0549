// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A long run of random operations gives the same results as a simple model.
enum RandomOperationChecks {
    static let all = [
        StoreCheck("random operations give what a simple model gives") { trial in
            var run = RandomRun(trial)
            for _ in 0..<trial.settings.operations {
                guard let failure = try await run.step() else { continue }
                return trial.fail(failure)
            }
        }
    ]
}
