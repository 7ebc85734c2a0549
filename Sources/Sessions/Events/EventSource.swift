// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import CoreMetrics
import Synchronization

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

    func tell(_ kind: SessionEvent.Kind, of subject: SessionSubject) {
        self.counters.count(kind)
        self.hub.send {
            SessionEvent(
                kind, time: self.clock.now(), sessionID: subject.id, user: subject.user,
                deviceLabel: subject.deviceLabel)
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
