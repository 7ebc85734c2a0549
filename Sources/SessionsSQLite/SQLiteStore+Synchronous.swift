// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SQLiteStore {
    /// What may be lost in a power cut or a crash of the whole machine. The end of a process loses nothing in either
    /// case.
    ///
    /// SQLite's `PRAGMA synchronous`: <https://www.sqlite.org/pragma.html#pragma_synchronous>.
    public enum Synchronous: Sendable, Hashable {
        /// The writes since the last checkpoint may be lost; the file stays intact. A write costs microseconds.
        case normal
        /// No acknowledged write is lost. Every write waits for the disk.
        case full
    }
}
