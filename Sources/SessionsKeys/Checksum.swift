// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import SessionsSupport

/// The first eight bytes of a SHA-256, as a number. It finds accidents, such as half a file or a damaged disk, and no
/// forgery: an attacker can compute it as well.
package enum Checksum {
    package static let length = 8

    package static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        BigEndian.number(SHA256.hash(data: bytes).prefix(Self.length))
    }
}
