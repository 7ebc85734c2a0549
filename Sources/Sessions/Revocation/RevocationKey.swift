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
    private let high: UInt64
    private let low: UInt64

    static let length = SessionID.length

    /// Nil for any other number of bytes than sixteen.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    init(_ id: SessionID) {
        self.high = id.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = id.bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first half of the SHA-256 of a prefix and the user: one length for all, and no name in the store. It hides
    /// no name from who can guess it; a keyed hash would change with the keys, and the list must outlive them.
    init(user: String) {
        let digest = Array(SHA256.hash(data: Array("dewar.revocations.user\0".utf8) + Array(user.utf8)))
        self.high = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = digest.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: self.high)
        bytes.append(bigEndian: self.low)
        return bytes
    }
}
