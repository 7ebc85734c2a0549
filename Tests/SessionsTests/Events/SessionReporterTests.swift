// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import MetricsTestKit
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// One call counts, logs what is news, and tells whoever listens.
@Suite struct SessionReporterTests {
    private let clock = ManualClock()
    private let metrics = TestMetrics()
    private let log = LogRecorder()

    private var source: EventSource { EventSource(clock: self.clock.sessionClock, metrics: self.metrics) }

    private func expect(_ counter: String, _ count: Int64 = 1) {
        #expect(self.metrics.counterTotal(label: "dewar_sessions_\(counter)_total") == count, "\(counter)")
    }

    @Test func everyKindIsCounted() {
        let source = self.source
        let reporter = SessionReporter(source, logger: self.log.logger)
        let alice = SessionSubject(user: "alice")
        reporter.created(.unknown)
        reporter.renewed(alice)
        reporter.user(was: nil, of: alice)
        reporter.user(was: "alice", of: alice, isProof: true)
        reporter.user(was: "alice", of: .unknown)
        reporter.ended(.unknown)
        reporter.revoked(alice)
        reporter.conflict(alice)
        reporter.dropped(alice, "dropped")
        reporter.replayed(alice)
        reporter.storeFailed(TroubledStore.Failure())
        for counter in [
            "created", "renewed", "signed_in", "reauthenticated", "signed_out", "ended", "revoked", "conflicts",
            "dropped_writes", "replayed", "store_failures",
        ] { self.expect(counter) }
        for reason in TokenError.Kind.all { reporter.rejected(TokenError(reason)) }
        self.expect("rejected", Int64(TokenError.Kind.all.count))
        let expired = self.metrics.counterTotal(
            label: "dewar_sessions_rejected_total", dimensions: [("reason", "expired")])
        #expect(expired == 1)
    }

    @Test func onlyNewsIsLogged() throws {
        let source = self.source
        let reporter = SessionReporter(source, logger: self.log.logger)
        let id = try #require(SessionID(String(repeating: "0f", count: 16)))
        reporter.created(SessionSubject(id: id))
        #expect(self.log.text == "")
        reporter.replayed(SessionSubject(id: id, user: "alice"))
        #expect(self.log.warnings == 1)
        #expect(self.log.text.contains("\(id)"))
        // Who it was is for the audit log.
        #expect(!self.log.text.contains("alice"))
    }

    @Test func usersAreToldApartByTheirBytes() {
        let source = self.source
        let reporter = SessionReporter(source, logger: self.log.logger)
        let events = SessionEvents(subscription: source.subscribe(buffering: 10))
        reporter.user(was: "\u{e9}", of: SessionSubject(user: "e\u{301}"))
        #expect(events.takeAll().map(\.kind) == [.signedOut, .signedIn])
        reporter.user(was: "alice", of: SessionSubject(user: "alice"))
        #expect(events.takeAll() == [])
    }
}
