// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Whose clock ends the records of a store.
public enum SessionStoreExpiry: Sendable, Hashable {
    /// The time that every operation is given. Its end is checked to the millisecond.
    case byArgument
    /// The engine's own, which is the real time and does not wait for a test: Redis, for one. What is checked is that a
    /// record that has ended is absent, that none is taken early, and everything that needs no moving of the time.
    case byEngine
}
