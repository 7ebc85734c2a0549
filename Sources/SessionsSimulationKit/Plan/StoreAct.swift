// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One thing that a client does at its time. It has a seed of its own, so that leaving out another act changes nothing
/// about it.
struct StoreAct: Sendable {
    enum Kind: Sendable {
        /// Reads the record.
        case read
        /// Writes a record where there must be none.
        case create
        /// Replaces the version that the client has seen last.
        case replace
        /// Replaces a version that the client has not seen.
        case replaceAnother
        /// Removes the record, whatever its version.
        case remove
        /// Removes the version that the client has seen last, or the one after it.
        case removeVersion
        /// Asks for the sessions of a user.
        case list
        /// Removes records that have expired.
        case purge
        /// Waits for the millisecond before the record's end, or for that of the end, and reads or writes then.
        case edge
        /// The store cannot be reached for a while.
        case outage
    }

    /// Microseconds since the beginning of the run.
    let at: Int
    let client: Int
    let kind: Kind
    /// Which of the run's sessions.
    let session: Int
    let seed: UInt64
}
