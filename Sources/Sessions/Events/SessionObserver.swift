// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Logging

/// Where backends say what happened: one call counts it, sends it to all subscribers, and logs it if it is news.
///
/// What happens all the time (sessions that begin, sign-ins) is not logged here; ``SessionEvents/log(to:level:)`` does
/// that for those who want it. Nothing is told before the write that it is about has succeeded.
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

    /// A session was written; who is signed in may have changed.
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

    /// The visitor ended the session, and signed out if a user was signed in.
    func ended(_ subject: SessionSubject) {
        if subject.user != nil { self.tell(.signedOut, of: subject) }
        self.tell(.ended, of: subject)
    }

    /// Another ended the session: the user from another device, or the application.
    func revoked(_ subject: SessionSubject) { self.tell(.revoked, of: subject) }

    /// The changes of two requests that met were both kept.
    func merged(_ subject: SessionSubject) { self.tell(.conflict, of: subject) }

    // MARK: - News

    /// A cookie gave no session. The log has the reason, and not the cookie.
    func rejected(_ error: TokenError, of subject: SessionSubject = .unknown, logger: Logger?) {
        self.tell(error.reason == .expired ? .expired : .rejected(error.reason), of: subject)
        logger?.debug("session cookie rejected", metadata: ["session.reason": "\(error.reason.rawValue)"])
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    func dropped(_ subject: SessionSubject, _ message: Logger.Message, logger: Logger?) {
        self.tell(.droppedWrite, of: subject)
        logger?.notice(message, metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// A secret came that had been replaced long before, and its session has been ended.
    func replayed(_ subject: SessionSubject, logger: Logger?) {
        self.tell(.replayed, of: subject)
        logger?.warning(
            "a replaced session cookie was used again, likely by a thief; the session has been ended",
            metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// The store could not be reached. That is no event: nothing happened to a session.
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

/// The session that something happened to, as far as it may be told.
struct SessionSubject: Sendable, Hashable {
    var id: SessionID?
    var user: String?
    var deviceLabel: String?

    /// A session of which nothing is known, or nothing may be said.
    static let unknown = SessionSubject()
}
