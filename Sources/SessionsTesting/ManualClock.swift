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
public final class ManualClock: Sendable {
    private let time: Mutex<Date>

    /// A clock that shows a time; 14 November 2023, 22:13:20 UTC unless said otherwise.
    public init(_ time: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        self.time = Mutex(time)
    }

    /// The time that it shows.
    public var now: Date {
        get { self.time.withLock { $0 } }
        set { self.time.withLock { $0 = newValue } }
    }

    /// Moves the time; a negative duration moves it back.
    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.time.withLock { $0 += Double(seconds) + Double(attoseconds) / 1e18 }
    }

    /// The clock as sessions take it.
    public var sessionClock: SessionClock {
        SessionClock { self.now }
    }
}
