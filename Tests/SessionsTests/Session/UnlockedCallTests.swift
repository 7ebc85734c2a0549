// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Logging
import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the application brings (clock, random source, log handler, metrics) may look at the session: no lock is held
/// while it runs. Each of these stops the process, or hangs, where one is.
@Suite struct UnlockedCallTests {
    /// Looks at whatever session there is, as a log handler does that adds the user to each line.
    final class Onlooker: Sendable {
        private let session = Mutex<Session?>(nil)
        private let looks = Mutex(0)

        var count: Int { self.looks.withLock { $0 } }

        func watch(_ session: Session) { self.session.withLock { $0 = session } }

        func look() {
            guard let session = self.session.withLock({ $0 }) else { return }
            _ = (session.user, session.id, session.isAccessed, session.isModified, session.count)
            self.looks.withLock { $0 += 1 }
        }
    }

    struct Handler: LogHandler {
        let onlooker: Onlooker
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { self.onlooker.look() }
    }

    /// Asks its provider for each line, as handlers do.
    struct AskingHandler: LogHandler {
        var metadataProvider: Logger.MetadataProvider?
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { _ = self.metadataProvider?.get() }
    }

    private let time = ManualClock()
    private let onlooker = Onlooker()

    private var clock: SessionClock {
        SessionClock { [time, onlooker] in
            onlooker.look()
            return time.now
        }
    }

    private var random: SessionRandom {
        SessionRandom { [onlooker] count in
            onlooker.look()
            return SessionRandom.system.bytes(count)
        }
    }

    private var logger: Logger { Logger(label: "test") { [onlooker] _ in Handler(onlooker: onlooker) } }

    private func sessions(_ change: (inout SessionConfiguration) -> Void = { _ in }) throws -> SessionManager {
        var configuration = SessionConfiguration.standard
        configuration.revocations = .memory
        change(&configuration)
        return try SessionManager(
            keys: StoreSite.keys, configuration: configuration, clock: self.clock, random: self.random,
            logger: self.logger)
    }

    private static let changes = [
        Action("sign in") { $0.signIn(as: "bob") },
        Action("sign in by the entry") { $0["_user_id"] = "bob" },
        Action("another user by the entry") { $0["_user_id"] = 7 },
        Action("merge") { $0.merge(["_user_id": "bob", "n": 1]) },
        Action("update") { $0.update("_user_id", default: "") { $0 = "bob" } },
        Action("setDefault") {
            $0.pop("_user_id")
            $0.setDefault("_user_id", "bob")
        },
        Action("reauthenticate") { $0.reauthenticate() },
        Action("renew") { $0.renew() },
        Action("token") { _ = $0.csrfToken },
        Action("token and renew") {
            _ = $0.csrfToken
            $0.renew()
        },
        Action("fresh") { _ = try? $0.requireFresh(within: .seconds(60)) },
        Action("pop") { $0.pop("_user_id") },
        Action("popLast") { while $0.popLast() != nil {} },
        Action("removeAll") { $0.removeAll() },
        Action("sign out") { $0.signOut() },
        Action("flash") {
            $0.flash("x")
            _ = $0.flashedMessages()
        },
    ]

    @Test func aMetadataProvider() async throws {
        let onlooker = self.onlooker
        let sessions = try SessionManager(
            keys: StoreSite.keys, clock: self.clock,
            logger: Logger(label: "test") { _ in
                AskingHandler(
                    metadataProvider: Logger.MetadataProvider {
                        onlooker.look()
                        return [:]
                    })
            })
        let session = try await sessions.open(["__Host-session=a.b.c"])
        onlooker.watch(session)
        #expect(session.user == nil)
        session.signIn(as: "ada")
        _ = try await sessions.commit(session)
        session["late"] = 1
    }

    @Test func aConsumerOfEvents() async throws {
        let sessions = try self.sessions()
        let events = sessions.events
        let onlooker = self.onlooker
        let consumer = Task {
            for await _ in events { onlooker.look() }
        }
        for _ in 0..<20 {
            let session = try await sessions.open([])
            onlooker.watch(session)
            session.signIn(as: "ada")
            _ = try await sessions.commit(session)
        }
        consumer.cancel()
        await consumer.value
    }

    @Test(arguments: [false, true], Self.changes)
    func anyChange(_ isStored: Bool, _ change: Action) async throws {
        let sessions = try self.sessions { configuration in
            guard isStored else { return }
            configuration.revocations = nil
            configuration.store = MemoryStore()
        }
        let first = try await sessions.open([])
        self.onlooker.watch(first)
        first.signIn(as: "ada")
        let cookie = try await sessions.commit(first).pair
        let session = try await sessions.open([cookie])
        self.onlooker.watch(session)
        #expect(session.user == "ada")
        change.run(session)
        _ = try await sessions.commit(session)
        #expect(self.onlooker.count > 0)
    }

    @Test(arguments: ["__Host-session=a.b.c", "__Host-session=nonsense"])
    func aCookieThatIsRefused(_ cookie: String) async throws {
        let sessions = try self.sessions()
        let session = try await sessions.open([cookie])
        self.onlooker.watch(session)
        let before = self.onlooker.count
        #expect(session.isEmpty)
        #expect(self.onlooker.count > before)
    }

    @Test func aReplayedCookie() async throws {
        let sessions = try self.sessions()
        let first = try await sessions.open([])
        first.signIn(as: "ada")
        let old = try await sessions.commit(first).pair
        let renewing = try await sessions.open([old])
        renewing.renew()
        _ = try await sessions.commit(renewing)
        self.time.advance(by: .seconds(60))
        let session = try await sessions.open([old])
        self.onlooker.watch(session)
        let events = sessions.events
        #expect(session.user == nil)
        #expect(events.takeAll().map(\.kind) == [.replayed, .rejected(.revoked)])
    }

    @Test func aKeyThatEndsSoon() async throws {
        let end = self.time.now.addingTimeInterval(60)
        let old = try self.sessions()
        let first = try await old.open([])
        first["n"] = 1
        let cookie = try await old.commit(first).pair
        let keys = SecretKeys(
            "nQ7vXc2LkR9tZp4WsY6mHb8JdF3gTq5E",
            accepting: [AcceptedKey(StoreSite.keys.current, until: end)])
        let sessions = try SessionManager(
            keys: keys, configuration: .standard, clock: self.clock, random: self.random, logger: self.logger)
        let session = try await sessions.open([cookie])
        self.onlooker.watch(session)
        #expect(session["n"] == 1)
    }

    /// A handler that looks while the cookie is being opened finds the session empty, and opens nothing twice.
    @Test func aRefusalIsToldOnce() async throws {
        let sessions = try self.sessions()
        let session = try await sessions.open(["__Host-session=a.b.c"])
        self.onlooker.watch(session)
        let events = sessions.events
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = session["n"] } }
        }
        #expect(events.takeAll().count == 1)
    }

    @Test func anEventThatFoundNoRoom() async throws {
        let looks = LookBox()
        let clock = SessionClock { [time] in
            looks.look()
            return time.now
        }
        let hub = EventHub()
        let subscription = hub.subscribe(buffering: 1, clock: clock)
        looks.body.withLock { $0 = { _ = subscription.takeAll() } }
        for _ in 0..<3 { hub.send { SessionEvent(.created, time: self.time.now) } }
        #expect(subscription.takeAll().map(\.kind) == [.created, .missed(2)])
        for _ in 0..<3 { hub.send { SessionEvent(.created, time: self.time.now) } }
        #expect(await subscription.next()?.kind == .created)
        #expect(await subscription.next()?.kind == .missed(2))
        looks.body.withLock { $0 = nil }
    }

    @Test func aCounterThatIsMadeForAKey() {
        let looks = LookBox()
        let watch = KeyWatch(
            clock: self.clock, logger: self.logger, factory: OnlookingMetrics(looks: looks, looksWhenMade: true))
        looks.body.withLock { $0 = { _ = watch.watching(AcceptedKey(StoreSite.keys.current)) } }
        _ = watch.watching(AcceptedKey("nQ7vXc2LkR9tZp4WsY6mHb8JdF3gTq5E"))
        #expect(looks.count > 0)
        looks.body.withLock { $0 = nil }
    }

    @Test func aCounterOfRefusedCookies() async throws {
        let looks = LookBox()
        let source = EventSource(
            clock: self.clock, metrics: OnlookingMetrics(looks: looks, looksWhenMade: false))
        let parts = BackendParts(
            configuration: .standard, clock: self.clock, random: self.random)
        let session = try await parts.backend(under: StoreSite.keys).open(
            ArraySlice("a.b.c".utf8), arrival: self.clock.now(), SessionReporter(source, logger: self.logger))
        looks.body.withLock { $0 = { _ = session.user } }
        #expect(session.isEmpty)
        #expect(looks.count > 0)
        looks.body.withLock { $0 = nil }
    }
}

/// What to look at, once there is something; a look within a look is none.
private final class LookBox: Sendable {
    let body = Mutex<(@Sendable () -> Void)?>(nil)
    private let looks = Mutex((count: 0, isLooking: false))

    var count: Int { self.looks.withLock { $0.count } }

    func look() {
        guard let body = self.body.withLock({ $0 }), !self.looks.withLock({ $0.isLooking }) else { return }
        self.looks.withLock { $0 = ($0.count + 1, true) }
        body()
        self.looks.withLock { $0.isLooking = false }
    }
}

/// Metrics that look when a counter is made, or when it counts.
private struct OnlookingMetrics: MetricsFactory {
    final class Handler: CounterHandler {
        let looks: LookBox

        init(looks: LookBox) { self.looks = looks }

        func increment(by: Int64) { self.looks.look() }
        func reset() {}
    }

    let looks: LookBox
    let looksWhenMade: Bool

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        guard self.looksWhenMade else { return Handler(looks: self.looks) }
        self.looks.look()
        return NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
