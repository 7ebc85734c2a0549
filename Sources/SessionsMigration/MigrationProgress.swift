// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What the ``MigratingStore`` of one process has seen so far.
///
/// Not every store can list its sessions, so that no number here says how many are left. Time does: a session that has
/// not been seen for one idle timeout has ended.
///
/// ```swift
/// if store.progress.isComplete(afterIdleTime: .seconds(60 * 60), at: Date()) {
///     print("every session has moved: \(store.progress)")
/// }
/// ```
public struct MigrationProgress: Sendable, Hashable, CustomStringConvertible {
    /// The phase that the process is in.
    public let phase: MigrationPhase
    /// The time of the first operation.
    public internal(set) var beganAt: Date?
    /// How often a session was found to live in the old store.
    public internal(set) var foundInOld = 0
    /// How often a session was found to live in the new store.
    public internal(set) var foundInNew = 0
    /// How many sessions were moved from one store to the other.
    public internal(set) var moved = 0
    /// How many copies were written to the store where the session does not live.
    public internal(set) var copied = 0
    /// How many times the store where the session does not live failed. Those requests succeeded.
    public internal(set) var failedCopies = 0
    /// When a session was last found to live in the old store.
    public internal(set) var lastInOld: Date?
    /// When a session was last found to live in the new store.
    public internal(set) var lastInNew: Date?
    /// When a session was last found without a copy in the other store, or could not be copied.
    public internal(set) var lastWithoutCopy: Date?

    init(phase: MigrationPhase) {
        self.phase = phase
    }

    /// Whether this process sees no reason to wait any longer.
    ///
    /// That is so when, for one idle timeout, it has seen no session that the next step would lose: in `.drain` none
    /// that lives in the old store, in `.fill` none that lives in the new one, and in `.both` none without a copy in
    /// the old one. The next step is safe when this is true in every process.
    ///
    /// - Parameters:
    ///   - idleTime: The longest idle timeout of any session of the site, including sessions with timeouts of their
    ///     own.
    ///   - now: The current time.
    public func isComplete(afterIdleTime idleTime: Duration, at now: Date) -> Bool {
        guard let beganAt else { return false }
        let last: Date? =
            switch self.phase {
            case .fill: self.lastInNew
            case .both: self.lastWithoutCopy
            case .drain: self.lastInOld
            }
        return now >= max(beganAt, last ?? beganAt).adding(idleTime)
    }

    /// The progress in words.
    public var description: String {
        """
        phase \(self.phase.rawValue): sessions found \(self.foundInOld) times in the old store and \(self.foundInNew) times \
        in the new one; \(self.moved) moved, \(self.copied) copies written, \(self.failedCopies) failed; last found in the \
        old store: \(Self.text(self.lastInOld)), in the new one: \(Self.text(self.lastInNew)), without a copy: \
        \(Self.text(self.lastWithoutCopy))
        """
    }

    private static func text(_ time: Date?) -> String {
        time.map { $0.formatted(.iso8601) } ?? "never"
    }
}

/// A phase of a site's migration from one store to another. Every process of the site is in this phase or in the one
/// before.
public enum MigrationPhase: String, Sendable, Hashable, CaseIterable {
    /// Sessions live in the old store, and copies of them go to the new one. May run beside processes that know only
    /// the old store. On the way back it moves sessions home to the old store.
    case fill
    /// Sessions stay where they are, and are served from both stores; new ones begin in the old one. May run beside
    /// `.fill` and beside `.drain`.
    case both
    /// Sessions move to the new store when they are next written, and new ones begin there; copies go to the old one.
    /// May run beside processes that know only the new store, once no session lives in the old one.
    case drain

    /// The store where sessions begin, and to which they move.
    var home: MigrationSide { self == .drain ? .new : .old }
}

/// One of the two stores.
enum MigrationSide: String, Sendable, Hashable {
    case old, new

    var other: MigrationSide { self == .old ? .new : .old }
}
