// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension Session {
    /// From now on a change is told of, because nothing saves it.
    func warnsOfChanges(in logger: Logger) {
        self.withState { $0.lateChangeLogger = logger }
    }
}

/// A change to a session after its commit, by a task that outlives the request or a body that is still being sent:
/// nothing saves it.
struct LateChange: Sendable {
    let logger: Logger
    /// The key of the value, or what else was changed.
    let key: String

    /// A key is a name of the application's, and no secret. The value is not told.
    func warn() {
        self.logger.warning(
            """
            a change to a session is lost, because it came after the session had been committed; make it before the \
            response begins
            """, metadata: ["session.key": "\(self.key)"])
    }
}
