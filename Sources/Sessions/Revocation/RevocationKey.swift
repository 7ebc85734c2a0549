// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a list of revocations knows a session or a user by: sixteen bytes, without an allocation.
struct RevocationKey: Sendable, Hashable {
    private let words: TwoWords

    static let length = SessionID.length

    /// Nil for any other number of bytes than sixteen.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.words = TwoWords(bytes)
    }

    init(_ id: SessionID) {
        self.words = TwoWords(id.bytes)
    }

    /// The first half of the SHA-256 of a prefix and the user: one length for all, and no name in the store. It hides
    /// no name from who can guess it; a keyed hash would change with the keys, and the list must outlive them.
    init(user: String) {
        self.words = TwoWords(SHA256.hash(data: Array("dewar.revocations.user\0".utf8) + Array(user.utf8)).map(\.self))
    }

    var bytes: [UInt8] { self.words.bytes }
}
