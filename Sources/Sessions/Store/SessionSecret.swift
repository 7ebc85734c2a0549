// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the browser's cookie proves: 256 random bits, of which the store keeps only the SHA-256.
struct SessionSecret: Sendable {
    let bytes: [UInt8]

    static let length = 32

    init(using random: SessionRandom) {
        self.bytes = random.bytes(Self.length)
    }

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = Array(bytes)
    }

    var hash: [UInt8] { Array(SHA256.hash(data: self.bytes)) }

    /// Whether a kept hash is this secret's, compared in constant time.
    func matches(_ hash: [UInt8]) -> Bool {
        SHA256.hash(data: self.bytes) == hash
    }
}
