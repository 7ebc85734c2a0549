// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import CoreMetrics
package import Logging
import Synchronization

/// Where backends say what happened, during one request: one call counts it, sends it to all subscribers, and logs it
/// if it is news.
///
/// What happens all the time (sessions that begin, sign-ins) is not logged here; ``SessionEvents/log(to:level:)`` does
/// that for applications that want it. Nothing is told before the write that it is about has succeeded.
package struct SessionReporter: Sendable {
    private let source: EventSource
    /// The request's logger; the manager's own for what no request asked for.
    package let logger: Logger
    private let actor: String?

    /// - Parameter actor: Who asked for what will be told, if that is known.
    package init(_ source: EventSource, logger: Logger, actor: String? = nil) {
        self.source = source
        self.logger = logger
        self.actor = actor
    }

    // MARK: - The life of a session

    package func created(_ subject: SessionSubject, was user: String? = nil, isProof: Bool = false) {
        self.tell(.created, of: subject)
        self.user(was: user, of: subject, isProof: isProof)
    }

    package func renewed(_ subject: SessionSubject) { self.tell(.renewed, of: subject) }

    /// A session was written; who is signed in may have changed.
    ///
    /// - Parameter isProof: Whether the user proved who they are just now.
    package func user(was before: String?, of subject: SessionSubject, isProof: Bool = false) {
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
    package func ended(_ subject: SessionSubject) {
        if subject.user != nil { self.tell(.signedOut, of: subject) }
        self.tell(.ended, of: subject)
    }

    /// Another ended the session: the user from another device, or the application.
    package func revoked(_ subject: SessionSubject) { self.tell(.revoked, of: subject) }

    /// Two requests changed a session at once, and the changes of both were kept.
    package func conflict(_ subject: SessionSubject) { self.tell(.conflict, of: subject) }

    // MARK: - News

    /// A cookie gave no session. The log has the reason, and not the cookie.
    package func rejected(_ error: TokenError, of subject: SessionSubject = .unknown) {
        self.tell(error.kind == .expired ? .expired : .rejected(error.kind), of: subject)
        self.logger.debug("session cookie rejected", metadata: ["session.reason": "\(error.kind.name)"])
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    package func dropped(_ subject: SessionSubject, _ message: Logger.Message) {
        self.tell(.droppedWrite, of: subject)
        self.logger.notice(message, metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// A secret came that had been replaced long before, and its session has been ended.
    package func replayed(_ subject: SessionSubject) {
        self.tell(.replayed, of: subject)
        self.logger.warning(
            "a replaced session cookie was used again, likely by a thief; the session has been ended",
            metadata: subject.id.map { ["session.id": "\($0)"] })
    }

    /// The store could not be reached. That is no event: nothing happened to a session.
    package func storeFailed(_ error: any Error) {
        self.source.countStoreFailure()
        self.logger.error("the session store failed", metadata: ["error": "\(error)"])
    }

    /// The cookie goes out, and browsers may ignore it. That is no event.
    func oversized(_ warning: CookieSizeWarning) {
        self.logger.warning(
            "the session cookie is too large: browsers may ignore it",
            metadata: ["session.bytes": "\(warning.bytes)", "session.limit": "\(warning.limit)"])
    }

    /// A session that no request has changed cannot be sent in another format, and its cookie stays as it came. That is no
    /// event.
    func leftAsItIs(_ error: SessionError) {
        self.logger.warning("the session cookie stays in its old format", metadata: ["error": "\(error)"])
    }

    private func tell(_ kind: SessionEvent.Kind, of subject: SessionSubject) {
        self.source.tell(kind, of: subject, by: self.actor)
    }
}

/// What the events of one manager go through: the counters, and the subscribers.
package final class EventSource: Sendable {
    private let clock: SessionClock
    private let counters: SessionCounters
    private let hub = EventHub()

    package init(clock: SessionClock, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.clock = clock
        self.counters = SessionCounters(metrics)
    }

    func subscribe(buffering limit: Int) -> EventSubscription {
        self.hub.subscribe(buffering: limit, clock: self.clock)
    }

    func tell(_ kind: SessionEvent.Kind, of subject: SessionSubject, by actor: String?) {
        self.counters.count(kind)
        self.hub.send {
            SessionEvent(
                kind, time: self.clock.now(), sessionID: subject.id, user: subject.user,
                deviceLabel: subject.deviceLabel, actor: actor)
        }
    }

    func countStoreFailure() { self.counters.countStoreFailure() }
}

/// Counters of what happens to sessions. They are made once, so that counting costs one addition.
struct SessionCounters: Sendable {
    private let created: Counter
    private let renewed: Counter
    private let signedIn: Counter
    private let reauthenticated: Counter
    private let signedOut: Counter
    private let ended: Counter
    private let revoked: Counter
    private let conflicts: Counter
    private let droppedWrites: Counter
    private let replayed: Counter
    private let rejections: [TokenError.Kind: Counter]
    private let storeFailures: Counter

    init(_ factory: any MetricsFactory) {
        func counter(_ name: String) -> Counter {
            Counter(label: "dewar_sessions_\(name)_total", factory: factory)
        }
        self.created = counter("created")
        self.renewed = counter("renewed")
        self.signedIn = counter("signed_in")
        self.reauthenticated = counter("reauthenticated")
        self.signedOut = counter("signed_out")
        self.ended = counter("ended")
        self.revoked = counter("revoked")
        self.conflicts = counter("conflicts")
        self.droppedWrites = counter("dropped_writes")
        self.replayed = counter("replayed")
        self.storeFailures = counter("store_failures")
        self.rejections = Dictionary(
            uniqueKeysWithValues: TokenError.Kind.all.map { reason in
                let label = "dewar_sessions_rejected_total"
                return (reason, Counter(label: label, dimensions: [("reason", reason.name)], factory: factory))
            })
    }

    func count(_ kind: SessionEvent.Kind) {
        self.counter(of: kind)?.increment()
    }

    func countStoreFailure() {
        self.storeFailures.increment()
    }

    private func counter(of kind: SessionEvent.Kind) -> Counter? {
        switch kind.value {
        case .created: self.created
        case .renewed: self.renewed
        case .signedIn: self.signedIn
        case .reauthenticated: self.reauthenticated
        case .signedOut: self.signedOut
        case .ended: self.ended
        case .expired: self.rejections[.expired]
        case .revoked: self.revoked
        case .rejected(let reason): self.rejections[reason]
        case .conflict: self.conflicts
        case .droppedWrite: self.droppedWrites
        case .replayed: self.replayed
        case .missed: nil
        }
    }
}

/// Hands every event to every subscriber. Without a subscriber it costs one atomic read.
final class EventHub: Sendable {
    private struct Listener {
        weak var subscription: EventSubscription?
    }

    private let count = Atomic<Int>(0)
    private let listeners = Mutex<[ObjectIdentifier: Listener]>([:])

    /// Ends every subscription, because no event will come any more.
    deinit {
        for listener in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) { listener.end() }
    }

    func subscribe(buffering limit: Int, clock: SessionClock) -> EventSubscription {
        let subscription = EventSubscription(limit: limit, clock: clock) { [weak self] in self?.remove($0) }
        self.listeners.withLock { listeners in
            listeners[ObjectIdentifier(subscription)] = Listener(subscription: subscription)
            self.count.store(listeners.count, ordering: .sequentiallyConsistent)
        }
        return subscription
    }

    private func remove(_ id: ObjectIdentifier) {
        self.listeners.withLock { listeners in
            listeners[id] = nil
            self.count.store(listeners.count, ordering: .sequentiallyConsistent)
        }
    }

    /// Whether there is a subscriber.
    var isHeard: Bool { self.count.load(ordering: .relaxed) > 0 }

    /// Sends an event, which is made only if there is a subscriber.
    func send(_ event: () -> SessionEvent) {
        guard self.isHeard else { return }
        let event = event()
        // Outside the lock: a subscription may lose its last reference here, and then removes itself under the lock.
        for subscription in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) {
            subscription.offer(event)
        }
    }
}
