// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import MetricsTestKit
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// One call counts, logs what is news, and tells whoever listens.
@Suite struct SessionObserverTests {
    private let clock = ManualClock()
    private let metrics = TestMetrics()
    private let log = LogRecorder()

    private var observer: SessionObserver { SessionObserver(clock: self.clock.sessionClock, metrics: self.metrics) }

    private func expect(_ counter: String, _ count: Int64 = 1) {
        #expect(self.metrics.counterTotal(label: "dewar_sessions_\(counter)_total") == count, "\(counter)")
    }

    @Test func everyKindIsCounted() {
        let observer = self.observer
        let alice = SessionSubject(user: "alice")
        observer.created(.unknown)
        observer.renewed(alice)
        observer.user(was: nil, of: alice)
        observer.user(was: "alice", of: alice, isProof: true)
        observer.user(was: "alice", of: .unknown)
        observer.ended(.unknown)
        observer.revoked(alice)
        observer.merged(alice)
        observer.dropped(alice, "dropped", logger: nil)
        observer.replayed(alice, logger: nil)
        observer.storeFailed(TroubledStore.Failure(), logger: nil)
        for counter in [
            "created", "renewed", "signed_in", "reauthenticated", "signed_out", "ended", "revoked", "conflicts",
            "dropped_writes", "replayed", "store_failures",
        ] { self.expect(counter) }
        for reason in TokenError.Reason.allCases { observer.rejected(TokenError(reason), logger: nil) }
        self.expect("rejected", Int64(TokenError.Reason.allCases.count))
        let expired = self.metrics.counterTotal(
            label: "dewar_sessions_rejected_total", dimensions: [("reason", "expired")])
        #expect(expired == 1)
    }

    @Test func onlyNewsIsLogged() throws {
        let observer = self.observer
        let id = try #require(SessionID(String(repeating: "0f", count: 16)))
        observer.created(SessionSubject(id: id))
        #expect(self.log.text == "")
        observer.replayed(SessionSubject(id: id, user: "alice"), logger: self.log.logger)
        #expect(self.log.warnings == 1)
        #expect(self.log.text.contains("\(id)"))
        // Who it was is for the audit log.
        #expect(!self.log.text.contains("alice"))
    }

    @Test func usersAreToldApartByTheirBytes() {
        let observer = self.observer
        let events = SessionEvents(subscription: observer.subscribe(buffering: 10))
        observer.user(was: "\u{e9}", of: SessionSubject(user: "e\u{301}"))
        #expect(events.takeAll().map(\.kind) == [.signedOut, .signedIn])
        observer.user(was: "alice", of: SessionSubject(user: "alice"))
        #expect(events.takeAll() == [])
    }
}
