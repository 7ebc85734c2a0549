// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Crypto
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A secret key that seals. The part of HKDF-SHA-256 that depends on the secret alone, the extraction (RFC 5869, 2.2),
/// is computed once.
package struct SealingKey: Sendable {
    package static let idLength = 4

    /// Names the key in a token, so that the right key is tried. It reveals no more about the secret than a token does.
    package let id: [UInt8]
    private let extracted: KeyedHash<SHA256>

    package init(_ secret: SecretKey) {
        let key = HKDF<SHA256>.extract(
            inputKeyMaterial: SymmetricKey(data: secret.bytes), salt: Array("dewar.sealed.1".utf8))
        self.extracted = KeyedHash(key)
        self.id = Array(Self.expand(self.extracted, Array("id".utf8)).prefix(Self.idLength))
    }

    /// The key of the one token that has this salt.
    package func tokenKey(salt: ArraySlice<UInt8>) -> SymmetricKey {
        SymmetricKey(data: Self.expand(self.extracted, Array("key".utf8) + salt))
    }

    /// HKDF-SHA-256's expansion to one block (RFC 5869, 2.3), from an HMAC state that already contains the key.
    private static func expand(_ extracted: KeyedHash<SHA256>, _ info: [UInt8]) -> SHA256.Digest {
        extracted.code(for: (info + [1])[...])
    }
}

extension SealingKey: CustomReflectable {
    /// `dump` shows nothing: the state of the hash can seal as well as the key can.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension SealingKey: CustomStringConvertible {
    package var description: String { "SealingKey" }
}
