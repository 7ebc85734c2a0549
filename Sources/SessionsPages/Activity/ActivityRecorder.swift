// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The stretch of time that a chart shows.
enum ActivitySpan: String, CaseIterable, Sendable {
    case hour, day
}

/// Counts what happens to the sessions of this process, for the operator's chart.
///
/// It subscribes to the manager's events, as an audit log does, so that no request waits for it. What is counted is
/// gone with the process.
final class ActivityRecorder: Sendable {
    /// When the counting began.
    let start: Date
    private let log: ActivityLog
    private let task: Task<Void, Never>

    init(_ sessions: SessionManager) {
        let events = sessions.events(buffering: 4096)
        let log = ActivityLog()
        self.start = sessions.clock.now()
        self.log = log
        // The task holds the log and not the recorder: with the recorder, it ends.
        self.task = Task {
            for await event in events { log.add(event) }
        }
    }

    deinit {
        self.task.cancel()
    }

    /// The steps until now, the earliest first.
    func steps(_ span: ActivitySpan, until now: Date) -> [ActivityRing.Step] { self.log.steps(span, until: now) }
}

/// The counts of the last hour and of the last day.
private final class ActivityLog: Sendable {
    private struct State {
        var hour = ActivityRing(steps: 12, of: 300)
        var day = ActivityRing(steps: 24, of: 3600)
    }

    private let state = Mutex(State())

    func add(_ event: SessionEvent) {
        self.state.withLock { state in
            state.hour.add(event)
            state.day.add(event)
        }
    }

    func steps(_ span: ActivitySpan, until now: Date) -> [ActivityRing.Step] {
        let ring = self.state.withLock { state in
            switch span {
            case .hour: state.hour
            case .day: state.day
            }
        }
        return ring.steps(until: now)
    }
}
