// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions

extension StoreTrial {
    /// A clock that shows the trial's start.
    func clock() -> ManualClock { ManualClock(self.start) }

    /// Sessions in the store, with an idle timeout of an hour and an absolute timeout of a day.
    func sessions(
        _ clock: ManualClock, in store: (any SessionStore)? = nil,
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws -> SessionManager {
        var configuration = SessionConfiguration.stored(in: store ?? self.store)
        configuration.lifetime = .standard
        change(&configuration)
        return try SessionManager(
            keys: SecretKeys(SecretKey(bytes: SessionRandom.system.bytes(32))), configuration: configuration,
            clock: clock.sessionClock, logger: Self.silence)
    }

    /// A logger without output. The checks cause races in which writes to ended sessions are dropped; logs of these
    /// would only distract the developer who runs them.
    private static var silence: Logger { Logger(label: "dewar.sessions.suite") { _ in SwiftLogNoOpLogHandler() } }

    /// A visitor whose session holds `user = "alice"`.
    func signedIn(_ sessions: SessionManager) async throws -> Visitor {
        var visitor = Visitor(sessions)
        try await visitor.visit { $0["user"] = "alice" }
        self.expect(try await visitor.look("user") == "alice", "what was set is there at the next request")
        return visitor
    }

    /// The id of a visitor's session.
    func id(of visitor: Visitor) async throws -> SessionID? {
        try await visitor.open().id
    }

    func expect(_ visitor: Visitor, isSignedIn: Bool, _ expectation: @autoclosure () -> String) async throws {
        self.expect((try await visitor.look("user") != nil) == isSignedIn, expectation())
    }
}
