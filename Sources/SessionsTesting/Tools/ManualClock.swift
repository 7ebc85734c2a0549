// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A clock that stands still until a test moves it.
///
/// ```swift
/// let clock = ManualClock()
/// let sessions = try SessionManager(keys: keys, clock: clock.sessionClock)
/// clock.advance(by: .seconds(3600))
/// ```
///
/// ``advance(by:)`` lets time pass. Setting ``now`` is like an administrator's change of a server's clock: it shows
/// another time, but no time has passed.
public final class ManualClock: Sendable {
    private let time: Mutex<(now: Date, elapsed: Duration)>

    /// A clock that shows a time; 14 November 2023, 22:13:20 UTC unless said otherwise.
    public init(_ time: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        self.time = Mutex((time, .zero))
    }

    /// The time that the clock shows. Setting it lets no time pass.
    public var now: Date {
        get { self.time.withLock { $0.now } }
        set { self.time.withLock { $0.now = newValue } }
    }

    /// How much time has passed since the clock was made.
    public var elapsed: Duration { self.time.withLock { $0.elapsed } }

    /// Lets time pass; a negative duration only sets the clock back.
    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.time.withLock { time in
            time.now += Double(seconds) + Double(attoseconds) / 1e18
            time.elapsed += max(duration, .zero)
        }
    }

    /// The clock in the form that `SessionManager` takes.
    public var sessionClock: SessionClock {
        SessionClock(now: { self.now }, elapsed: { self.elapsed })
    }
}
