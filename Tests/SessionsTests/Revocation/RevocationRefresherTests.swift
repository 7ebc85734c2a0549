// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions

/// The list is read in the background, and not for longer than its manager lives.
@Suite struct RevocationRefresherTests {
    @Test func theOthersAreReadWithoutARequest() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let one = try RevocationSite(RevocationSite.shared(store), clock: clock)
        let gate = Gate()
        let two = try RevocationSite(Self.revocations(store, gate), clock: clock)
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
        try await visitor.signedOut()
        gate.letOneThrough()
        try await eventually("the list is read") { try await two.user(of: visitor) == nil }
    }

    @Test func theBoundIsLogged() throws {
        let site = try RevocationSite(RevocationSite.shared(MemoryStore(), staleness: .seconds(7)))
        #expect(site.log.text.contains("7.0 seconds"))
        #expect(try RevocationSite().log.text.isEmpty)
    }

    /// About twice in the time for which a process may not know of a revocation, so that one reading may fail.
    @Test(arguments: [nil, Duration.seconds(7)])
    func aSharedListIsReadTwiceInItsStaleness(staleness: Duration?) {
        let store = MemoryStore()
        let revocations = staleness.map { .shared(in: store, staleness: $0) } ?? SessionRevocations.shared(in: store)
        #expect(revocations.list?.staleness == staleness ?? .seconds(10))
        #expect(revocations.list?.journal?.schedule.interval == (staleness ?? .seconds(10)) / 2)
    }

    @Test func itEndsWithItsManager() async throws {
        let gate = Gate()
        let revocations = Self.revocations(MemoryStore(), gate)
        do {
            let site = try RevocationSite(revocations)
            _ = try await site.signedIn().open()
        }
        try await eventually("the waiting is over") { gate.hasEnded }
    }

    private static func revocations(_ store: MemoryStore, _ gate: Gate) -> SessionRevocations {
        .shared(
            in: store, staleness: .seconds(10), random: .system,
            schedule: PurgeSchedule(interval: .seconds(5), batch: 10) { _ in try await gate.pass() })
    }
}

/// Holds rounds until one is let through, or the task is cancelled.
private final class Gate: Sendable {
    private let (stream, continuation) = AsyncStream<Void>.makeStream()
    private let ended = Mutex(false)

    var hasEnded: Bool { self.ended.withLock { $0 } }

    func letOneThrough() { self.continuation.yield() }

    func pass() async throws {
        for await _ in self.stream { return }
        self.ended.withLock { $0 = true }
        throw CancellationError()
    }
}
