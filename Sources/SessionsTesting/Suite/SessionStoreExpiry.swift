// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which clock decides when a store's records expire.
public enum SessionStoreExpiry: Sendable, Hashable {
    /// The time that each operation gets as its argument. Ends are checked to the millisecond.
    case byArgument
    /// The engine's own clock, which shows the real time and which no test can move: Redis, for example. The suite
    /// checks that an expired record is absent, that no record is removed early, and everything else that needs no
    /// change of the time.
    case byEngine
}
