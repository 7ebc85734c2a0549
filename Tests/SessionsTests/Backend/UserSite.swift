// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport

/// Where sessions can be, as far as users can tell.
enum Place: String, CaseIterable, Sendable {
    case flaskCookie, signedCookie, sealedCookie, store, flaskSession

    func configuration(_ clock: ManualClock) -> SessionConfiguration {
        switch self {
        case .flaskCookie: return .flask
        case .signedCookie: return .signed
        case .sealedCookie: return .standard
        case .store: return .stored(in: MemoryStore())
        case .flaskSession: return .flaskSession(in: SharedFlaskStorage(clock: clock.sessionClock))
        }
    }
}

/// A site whose sessions are in one of the places.
struct UserSite {
    let clock = ManualClock()
    let log = LogRecorder()
    let sessions: SessionManager

    init(_ place: Place, _ change: (inout SessionConfiguration) -> Void = { _ in }) throws {
        var configuration = place.configuration(self.clock)
        change(&configuration)
        self.sessions = try SessionManager(
            keys: SecretKeys(TestSite.key), configuration: configuration, clock: self.clock.sessionClock,
            logger: self.log.logger)
    }

    func visitor(cookie: String? = nil) -> SiteVisitor {
        SiteVisitor(self.sessions, cookie: cookie, logger: self.log.logger)
    }

    func signedIn(as user: String = "alice") async throws -> SiteVisitor {
        var visitor = self.visitor()
        try await visitor.visit { $0.signIn(as: user) }
        return visitor
    }
}
