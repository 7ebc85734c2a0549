// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where it is kept which sessions have ended although their sealed cookies are still good.
///
/// A sealed cookie says all there is to say about its session, and so does a copy of it: the browser of a visitor who
/// signs out forgets the cookie, a thief's does not. With a list the copy is dead too, and so is every cookie of a user
/// whose sessions are all ended:
///
/// ```swift
/// let configuration = SessionConfiguration(.cookies(revocations: .shared(in: store, staleness: .seconds(10))))
/// ```
///
/// The list is small: it has an entry for a session that has ended or been renewed, and forgets it when its last cookie
/// has expired (`lifetime.idle` later). Asking it is a look into this process's memory. `docs/REVOCATION.md` says what
/// it promises and what not.
public struct SessionRevocations: Sendable {
    let list: RevocationList?

    /// No list: a copied cookie lives until it expires.
    public static let off = SessionRevocations(list: nil)

    /// A new list in this process's memory, for one process: it acts at once, and is gone when the process ends. An
    /// entry takes about 200 bytes. It is the default.
    ///
    /// Managers that are made of one configuration with `memory` share its list. Where no list is given each manager
    /// has one of its own, and what another process or manager revokes does not reach it.
    public static var memory: SessionRevocations { SessionRevocations(list: RevocationList()) }

    /// A list that processes share through a store, any store.
    ///
    /// A revocation is in the store before the response of the request that made it. It acts at once in its own
    /// process, and in every other one no later than `staleness` after it was written. A process that has not been able
    /// to read the list for so long treats its sessions as if they were in a store that is out of reach
    /// (``SessionConfiguration/outagePolicy``).
    ///
    /// - Parameters:
    ///   - store: Where the list is kept.
    ///   - staleness: How long another process may not know of a revocation. The store is read about twice in that time.
    public static func shared(in store: any SessionStore, staleness: Duration = .seconds(10)) -> SessionRevocations {
        self.shared(
            in: store, staleness: staleness, random: .system, schedule: PurgeSchedule(interval: staleness / 2))
    }

    package static func shared(
        in store: any SessionStore, staleness: Duration, random: SessionRandom, schedule: PurgeSchedule
    ) -> SessionRevocations {
        let journal = RevocationJournal(store: store, staleness: staleness, random: random, schedule: schedule)
        return SessionRevocations(list: RevocationList(journal: journal))
    }
}
