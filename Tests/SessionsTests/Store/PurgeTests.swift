// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions

/// Expired sessions go in bounded batches, round by round, until the task is cancelled.
@Suite struct PurgeTests {
    @Test func aRoundGoesOnUntilABatchIsNotFull() async throws {
        let store = ExpiringStore(expired: 1_234)
        let rounds = Rounds(1)
        await Self.purger(store, schedule: rounds.schedule(batch: 500)).run()
        #expect(store.limits == [500, 500, 500])
        #expect(store.left == 0)
    }

    @Test func everyRoundWaitsAboutTheInterval() async throws {
        let rounds = Rounds(200)
        await Self.purger(ExpiringStore(expired: 0), schedule: rounds.schedule(batch: 1)).run()
        let waits = rounds.waits
        #expect(waits.allSatisfy { (.seconds(45)...(.seconds(75))).contains($0) })
        #expect(Set(waits).count > 100, "rounds of several servers would fall together")
    }

    @Test func aFailedRoundIsFollowedByAnother() async throws {
        let store = ExpiringStore(expired: 10, failures: 2)
        let log = LogRecorder()
        await Self.purger(store, schedule: Rounds(4).schedule(batch: 500), logger: log.logger).run()
        #expect(store.left == 0)
        #expect(log.text.contains("expired sessions could not be removed"))
    }

    @Test func aSecondRunLeavesTheWorkToTheFirst() async throws {
        let store = ExpiringStore(expired: 10)
        let purger = Self.purger(store, schedule: Rounds(1).schedule(batch: 500))
        async let first: Void = purger.run()
        async let second: Void = purger.run()
        _ = await (first, second)
        #expect(store.limits == [500])
    }

    @Test func theManagerRemovesABatchOnDemand() async throws {
        let store = ExpiringStore(expired: 700)
        var configuration = SessionConfiguration.stored(in: store)
        configuration.purge = PurgeSchedule(batch: 600)
        let manager = try SessionManager(keys: "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae", configuration: configuration)
        #expect(try await manager.removeExpired() == 600)
        #expect(try await manager.removeExpired() == 100)
    }

    private static func purger(
        _ store: ExpiringStore, schedule: PurgeSchedule, logger: Logger = LogRecorder().logger
    ) -> SessionPurger {
        SessionPurger(store: store, clock: ManualClock().sessionClock, schedule: schedule, logger: logger)
    }
}

/// So many rounds, without waiting, and then the end.
private final class Rounds: Sendable {
    private let state: Mutex<(left: Int, waits: [Duration])>

    init(_ count: Int) {
        self.state = Mutex((count, []))
    }

    var waits: [Duration] { self.state.withLock { $0.waits } }

    func schedule(batch: Int) -> PurgeSchedule {
        PurgeSchedule(interval: .seconds(60), batch: batch) { duration in
            let isOver = self.state.withLock { state in
                guard state.left > 0 else { return true }
                state.left -= 1
                state.waits.append(duration)
                return false
            }
            if isOver { throw CancellationError() }
        }
    }
}
