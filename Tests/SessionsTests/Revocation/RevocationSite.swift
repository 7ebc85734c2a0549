// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import SessionsTesting
import TestSupport

@testable import Sessions
@testable import SessionsSupport
@testable import SessionsValues

/// A process of a site with sealed cookies, whose clock is the site's and whose list is its own.
struct RevocationSite {
    let clock: ManualClock
    let log = LogRecorder()
    let sessions: SessionManager

    /// - Parameters:
    ///   - clock: The site's clock.
    ///   - revocations: The list; memory unless said otherwise.
    init(
        _ revocations: SessionRevocations? = .memory, clock: ManualClock = ManualClock(),
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws {
        self.clock = clock
        var configuration = SessionConfiguration.standard
        configuration.revocations = revocations
        change(&configuration)
        self.sessions = try SessionManager(
            keys: StoreSite.keys, configuration: configuration, clock: clock.sessionClock, logger: self.log.logger)
    }

    /// A list that is shared through a store, and read when somebody asks and not by itself.
    static func shared(_ store: any SessionStore, staleness: Duration = .seconds(10)) -> SessionRevocations {
        .shared(
            in: store, staleness: staleness, random: .system,
            schedule: PurgeSchedule(interval: .zero, batch: 1) { _ in throw CancellationError() })
    }

    func visitor(cookie: String? = nil) -> SiteVisitor {
        SiteVisitor(self.sessions, cookie: cookie, logger: self.log.logger)
    }

    /// A visitor who is signed in.
    func signedIn(as user: String = "ada") async throws -> SiteVisitor {
        var visitor = self.visitor()
        try await visitor.visit { $0["_user_id"] = .string(user) }
        return visitor
    }

    /// Who a cookie says is there.
    func user(of visitor: SiteVisitor) async throws -> SessionValue? {
        try await self.visitor(cookie: visitor.cookie).look("_user_id")
    }

    var list: RevocationList? { self.sessions.configuration.revocations?.list }
}

extension RevocationList {
    /// Ends a session, as a manager with this clock does whose cookies last that long.
    func end(_ id: SessionID, at now: ClockReading, keeping retention: Duration) -> Bool {
        RevocationLedger(
            list: self, clock: SessionClock(now: { now.now }, elapsed: { now.elapsed }), retention: retention,
            renewalGrace: .seconds(30), movesSessions: false
        ).end(id)
    }
}
