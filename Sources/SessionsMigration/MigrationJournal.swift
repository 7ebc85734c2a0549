// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps the progress of a ``MigratingStore``, and logs it about once a minute.
///
/// Its time is that of the store's operations, so that a test can move it.
final class MigrationJournal: Sendable {
    private struct State {
        var progress: MigrationProgress
        var now = Date.distantPast
        var saidAt: Date?
        var complainedAt: Date?
    }

    private static let pause: Duration = .seconds(60)

    private let state: Mutex<State>
    private let logger: Logger

    init(phase: MigrationPhase, logger: Logger) {
        self.state = Mutex(State(progress: MigrationProgress(phase: phase)))
        self.logger = logger
    }

    var progress: MigrationProgress { self.state.withLock { $0.progress } }

    /// Moves the time to `now`, and logs the progress when that is due.
    func note(_ now: Date) {
        let due = self.state.withLock { state -> MigrationProgress? in
            state.now = max(state.now, now)
            state.progress.beganAt = state.progress.beganAt ?? now
            guard let saidAt = state.saidAt else {
                state.saidAt = now
                return nil
            }
            guard now >= saidAt.adding(Self.pause) else { return nil }
            state.saidAt = now
            return state.progress
        }
        if let due { self.logger.info("migration of sessions, \(due)") }
    }

    func found(in side: MigrationSide, isAlone: Bool) {
        self.state.withLock { state in
            switch side {
            case .old:
                state.progress.foundInOld += 1
                state.progress.lastInOld = state.now
            case .new:
                state.progress.foundInNew += 1
                state.progress.lastInNew = state.now
            }
            if isAlone { state.progress.lastWithoutCopy = state.now }
        }
    }

    func moved() { self.state.withLock { $0.progress.moved += 1 } }

    func copied() { self.state.withLock { $0.progress.copied += 1 } }

    /// A store in which the session does not live has failed. No request fails for that.
    func failed(_ side: MigrationSide, _ error: any Error) {
        let count = self.state.withLock { state -> Int? in
            state.progress.failedCopies += 1
            state.progress.lastWithoutCopy = state.now
            if let complainedAt = state.complainedAt, state.now < complainedAt.adding(Self.pause) { return nil }
            state.complainedAt = state.now
            return state.progress.failedCopies
        }
        guard let count else { return }
        self.logger.warning(
            "copies of sessions could not be kept in the \(side.rawValue) store; the sessions themselves are safe",
            metadata: ["error": "\(error)", "failures": "\(count)"])
    }
}
