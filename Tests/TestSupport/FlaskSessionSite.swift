// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions
import SessionsFlask
package import SessionsTesting

/// A site that shares its sessions with a Flask application, whose time a test moves and whose log it reads.
package struct FlaskSessionSite {
    package let clock = ManualClock()
    package let storage: SharedFlaskStorage
    package let log = LogRecorder()
    package let sessions: SessionManager

    package init(
        keys: SecretKeys? = nil, _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws {
        self.storage = SharedFlaskStorage(clock: self.clock.sessionClock)
        var configuration = SessionConfiguration.flaskSession(in: self.storage)
        change(&configuration)
        self.sessions = try SessionManager(
            keys: keys, configuration: configuration, clock: self.clock.sessionClock, logger: self.log.logger)
    }

    package func visitor(cookie: String? = nil) -> SiteVisitor {
        SiteVisitor(self.sessions, cookie: cookie, logger: self.log.logger)
    }

    /// A visitor whose session holds `user = "alice"`.
    package func signedIn() async throws -> SiteVisitor {
        var visitor = self.visitor()
        try await visitor.visit { $0["user"] = "alice" }
        _ = self.storage.takeCommands()
        return visitor
    }

    /// The key of a visitor's record.
    package static func key(of visitor: SiteVisitor) -> String {
        "session:" + (visitor.cookie ?? "").dropFirst("session=".count)
    }
}
