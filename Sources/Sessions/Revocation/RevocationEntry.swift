// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One thing that a list of revocations remembers. Times are milliseconds since 1970.
struct RevocationEntry: Sendable, Hashable {
    enum Fact: Sendable, Hashable {
        /// The session of this id has ended, what it was renewed to, and all that came of the same cookie.
        case ended(RevocationKey)
        /// The session of this id goes on under another.
        case renewed(RevocationKey, successor: RevocationKey, at: Int)
        /// The session of this id went on in a store, with no change of privileges: its cookie may be read for a
        /// moment.
        case moved(RevocationKey, successor: RevocationKey, at: Int)
        /// Every session of this user whose id was made at this millisecond or before has ended.
        case userEnded(RevocationKey, mark: Int)
    }

    let fact: Fact
    /// The last millisecond at which a token that this is about could be good.
    let until: Int
}
