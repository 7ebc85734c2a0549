// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging
import TestSupport

extension SecretKey {
    /// Long enough to be accepted by every configuration.
    static let forTests: SecretKey = "a key for tests, of more than 32 bytes"
}

extension App {
    /// An application with Flask's cookies, which logs into a recorder.
    static func forTests(
        sessions: SessionConfiguration = .flask, limits: FormLimits = .application, log: LogRecorder = LogRecorder()
    ) -> App {
        App(secretKey: .forTests, sessions: sessions, limits: limits, logger: log.logger)
    }
}

/// An error that stands for no answer.
struct Mishap: Error, CustomStringConvertible {
    var description: String { "the cellar is flooded" }
}
