// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

/// The first eight bytes of a SHA-256, as a number. It finds accidents, such as half a file or a damaged disk, and no
/// forgery: an attacker can compute it as well.
package enum Checksum {
    package static let length = 8

    package static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash = SHA256()
        // The hash keeps none of the bytes that it reads.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        // The buffer is the digest, for as long as the call takes, and longer than the number that is copied from it.
        return unsafe hash.finalize().withUnsafeBytes { unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}
