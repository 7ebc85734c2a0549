// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SQLiteStore {
    /// What a power cut, or a crash of the whole machine, may take; the end of a process takes nothing in either case.
    ///
    /// SQLite's `PRAGMA synchronous`: <https://www.sqlite.org/pragma.html#pragma_synchronous>.
    public enum Synchronous: Sendable, Hashable {
        /// The writes since the last checkpoint may be lost, and the file is sound. A write costs microseconds.
        case normal
        /// Nothing that was acknowledged is lost. Every write waits for the disk.
        case full
    }
}
