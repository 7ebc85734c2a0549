// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How far a site is on its way from one store to another; every process of it is in one of these, or in the one
/// before.
public enum MigrationPhase: String, Sendable, Hashable, CaseIterable {
    /// Sessions live in the old store, and copies of them go to the new one. Stands beside processes that know the old
    /// store alone. On the way back it brings sessions home to the old store.
    case fill
    /// Sessions stay where they are, and are served from both stores; new ones begin in the old. Stands beside `.fill`
    /// and beside `.drain`.
    case both
    /// Sessions move to the new store when they are next written, and new ones begin there; copies go to the old one.
    /// Stands beside processes that know the new store alone, once no session lives in the old one any more.
    case drain

    /// Where sessions begin, and where they are brought.
    var home: MigrationSide { self == .drain ? .new : .old }
}

/// One of the two stores.
enum MigrationSide: String, Sendable, Hashable {
    case old, new

    var other: MigrationSide { self == .old ? .new : .old }
}
