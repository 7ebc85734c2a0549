// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Logging

/// Backends report here what happened: one call counts it, sends it to all subscribers, and logs what deserves it.
///
/// Frequent events (sessions that begin, sign-ins) are not logged here; an application that wants them calls
/// ``SessionEvents/log(to:level:)``. Backends report a write only after it has succeeded.
struct SessionObserver: Sendable {
    private let clock: SessionClock
    private let counters: SessionCounters
    private let hub = EventHub()

    init(clock: SessionClock, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.clock = clock
        self.counters = SessionCounters(metrics)
    }

    func subscribe(buffering limit: Int) -> EventSubscription {
        self.hub.subscribe(buffering: limit, clock: self.clock)
    }

    // MARK: - The life of a session

    func created(_ subject: SessionSubject, was user: String? = nil, isProof: Bool = false) {
        self.tell(.created, of: subject)
        self.user(was: user, of: subject, isProof: isProof)
    }

    func renewed(_ subject: SessionSubject) { self.tell(.renewed, of: subject) }

    /// A session was written. Another user may be signed in now, or none.
    ///
    /// - Parameter isProof: Whether the user proved who they are just now.
    func user(was before: String?, of subject: SessionSubject, isProof: Bool = false) {
        guard !SessionUser.isSame(before, subject.user) else {
            if isProof, before != nil { self.tell(.reauthenticated, of: subject) }
            return
        }
        if let before {
            var subject = subject
            subject.user = before
            self.tell(.signedOut, of: subject)
        }
        if subject.user != nil { self.tell(.signedIn, of: subject) }
    }

    /// The visitor ended the session. If a user was signed in, that is a sign-out too.
    func ended(_ subject: SessionSubject) {
        if subject.user != nil { self.tell(.signedOut, of: subject) }
        self.tell(.ended, of: subject)
    }

    /// The session was revoked: by the user from another device, or by the application.
    func revoked(_ subject: SessionSubject) { self.tell(.revoked, of: subject) }

    /// Two requests changed the session at once, and the changes of both were kept.
    func merged(_ subject: SessionSubject) { self.tell(.conflict, of: subject) }

    // MARK: - News

    /// A cookie opened no session. The log has the reason, and not the cookie.
    func rejected(_ error: TokenError, of subject: SessionSubject = .unknown, logger: Logger?) {
        self.tell(error.reason == .expired ? .expired : .rejected(error.reason), of: subject)
        logger?.debug("session cookie rejected", metadata: ["session.reason": "\(error.reason.rawValue)"])
    }

    /// A sign-out wins: the changes of a request in flight to a session that has ended are dropped.
    func dropped(_ subject: SessionSubject, _ message: Logger.Message, logger: Logger?) {
        self.tell(.droppedWrite, of: subject)
        logger?.notice(message, metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// A replay: a secret came that a renewal had replaced long before. Its session has been ended.
    func replayed(_ subject: SessionSubject, logger: Logger?) {
        self.tell(.replayed, of: subject)
        logger?.warning(
            "a replaced session cookie was used again, likely by a thief; the session has been ended",
            metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// The store could not be reached. That is not an event, because nothing happened to a session.
    func storeFailed(_ error: any Error, logger: Logger?) {
        self.counters.countStoreFailure()
        logger?.error("the session store failed", metadata: ["error": "\(error)"])
    }

    private func tell(_ kind: SessionEvent.Kind, of subject: SessionSubject) {
        self.counters.count(kind)
        self.hub.send {
            SessionEvent(
                kind, time: self.clock.now(), sessionID: subject.id, user: subject.user,
                deviceLabel: subject.deviceLabel)
        }
    }
}

/// The parts of a session that an event may name.
struct SessionSubject: Sendable, Hashable {
    var id: SessionID?
    var user: String?
    var deviceLabel: String?

    /// A session of which nothing is known, or nothing may be told.
    static let unknown = SessionSubject()
}
