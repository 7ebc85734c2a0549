// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where sessions get the time from, so that a test can move it instead of waiting.
public struct SessionClock: Sendable {
    /// The current time.
    public let now: @Sendable () -> Date

    /// A clock of your own.
    public init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// The system's clock.
    public static let system = SessionClock { Date() }
}
