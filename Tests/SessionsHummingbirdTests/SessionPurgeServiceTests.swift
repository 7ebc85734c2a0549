// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ServiceLifecycleTestKit
import Sessions
import SessionsHummingbird
import Synchronization
import TestSupport
import Testing

/// The service runs as long as the server does: one that returned early would end all the others.
@Suite struct SessionPurgeServiceTests {
    @Test func withoutAStoreItStaysUntilTheServerStops() async throws {
        try await Self.expectToStay(try SessionManager(keys: "a key for tests", configuration: .flask))
    }

    @Test func withAStoreItPurgesUntilTheServerStops() async throws {
        let rounds = Rounds()
        try await Self.expectToStay(try Self.stored(rounds)) {
            try await eventually("the service begins to wait for a round") { rounds.count == 1 }
        }
        #expect(rounds.count == 1)
    }

    @Test func whenARequestHasStartedThePurgerItStaysToo() async throws {
        let rounds = Rounds()
        let sessions = try Self.stored(rounds)
        _ = try await sessions.open([])
        try await eventually("the purger begins to wait for a round") { rounds.count == 1 }
        try await Self.expectToStay(sessions)
        #expect(rounds.count == 1, "there is one purger")
    }

    private static func stored(_ rounds: Rounds) throws -> SessionManager {
        var configuration = SessionConfiguration.stored(in: MemoryStore())
        configuration.purge = rounds.schedule
        return try SessionManager(keys: "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae", configuration: configuration)
    }

    private static func expectToStay(
        _ sessions: SessionManager, until ready: @Sendable () async throws -> Void = {}
    ) async throws {
        let service = Returning()
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await SessionPurgeService(sessions).run()
                    service.hasReturned = true
                }
                try await ready()
                // Time enough to return, for one that would.
                for _ in 0..<10_000 { await Task.yield() }
                #expect(!service.hasReturned)
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        #expect(service.hasReturned)
    }
}

/// Whether something has returned.
private final class Returning: Sendable {
    private let state = Mutex(false)

    var hasReturned: Bool {
        get { self.state.withLock { $0 } }
        set { self.state.withLock { $0 = newValue } }
    }
}

/// A schedule whose first round never comes, and which counts who waits for it.
private final class Rounds: Sendable {
    private let waiting = Mutex(0)

    var count: Int { self.waiting.withLock { $0 } }

    var schedule: PurgeSchedule {
        PurgeSchedule(interval: .seconds(60), batch: 1) { _ in
            self.waiting.withLock { $0 += 1 }
            let (rounds, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in rounds {}
            continuation.finish()
            throw CancellationError()
        }
    }
}
