// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An entry that another process has written, as it was read from the store.
struct RevocationNews: Sendable {
    let entry: RevocationEntry
    /// How long it is to be remembered after it was read, whatever the wall clock shows: as long as its segment is kept
    /// after its last write. That is as long as the writer remembers it, and needs no clock that two processes share.
    let retention: Duration
}
