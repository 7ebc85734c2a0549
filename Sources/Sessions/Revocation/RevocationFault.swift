// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The store of a list of revocations answers, and what it says cannot be used.
enum RevocationFault: String, Error, CustomStringConvertible {
    case refusal = "it refuses to write a segment of revocations"
    case unreadableSegment = "it holds a segment of revocations that cannot be read"
    case slowStore = "reading the revocations takes longer than they may be out of date"

    var description: String { self.rawValue }
}
