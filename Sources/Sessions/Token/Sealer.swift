// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Encrypts and authenticates bytes for one purpose under one name: AES-256-GCM.
///
/// A token is a version, the id of the secret key, a salt of 256 random bits, the ciphertext and the tag. Each token's
/// key is derived from the secret key and the salt (HKDF-SHA-256) and seals that token alone: two salts meet after some
/// 2^128 tokens, so that no number of tokens wears a secret key out, and the nonce may be zero. What stands before the
/// ciphertext is authenticated with it, and so are the purpose and the name.
struct Sealer: Sendable {
    private static let version: UInt8 = 1
    private static let saltLength = 32
    private static let headerLength = 1 + SealingKey.idLength + Self.saltLength
    private static let tagLength = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    private let keys: [(sealing: SealingKey, watched: WatchedKey)]
    private let binding: [UInt8]
    private let random: SessionRandom

    /// - Parameters:
    ///   - keys: The first seals; the one that a token names opens it.
    ///   - purpose: What tokens are for, without a NUL.
    ///   - name: Whose they are, a cookie's name.
    ///   - random: Where salts come from.
    init(keys: SecretKeys, purpose: String, name: String, random: SessionRandom) {
        self.keys = keys.all.map { (SealingKey($0.key), $0) }
        self.binding = Array(purpose.utf8) + [0] + Array(name.utf8)
        self.random = random
    }

    /// The token, in base64url.
    func seal(_ contents: [UInt8]) throws -> [UInt8] {
        let key = self.keys[0].sealing
        let salt = self.random.bytes(Self.saltLength)
        let header = [Self.version] + key.id + salt
        let box = try AES.GCM.seal(
            contents, using: key.tokenKey(salt: salt), nonce: AES.GCM.Nonce(data: Self.nonce),
            authenticating: header + self.binding)
        return Base64.encodeURLSafe(header + Array(box.ciphertext) + Array(box.tag))
    }

    /// The contents of a token, once its seal is found to be whole.
    ///
    /// - Throws: ``TokenError`` with `malformedToken`, `unknownVersion`, `unknownKey` or `badSeal`.
    func open(_ token: ArraySlice<UInt8>) throws(TokenError) -> [UInt8] {
        // One spelling alone is good: a client must not be able to change as much as a bit that means nothing.
        guard let bytes = Base64.decodeCanonical(token), let version = bytes.first else {
            throw TokenError(.malformedToken)
        }
        guard version == Self.version else { throw TokenError(.unknownVersion) }
        guard bytes.count >= Self.headerLength + Self.tagLength else { throw TokenError(.malformedToken) }
        let header = bytes[..<Self.headerLength]
        let candidates = self.keys.filter {
            $0.sealing.id.elementsEqual(header[1...SealingKey.idLength]) && $0.watched.isAccepted
        }
        guard !candidates.isEmpty else { throw TokenError(.unknownKey) }
        guard let box = try? AES.GCM.SealedBox(combined: Self.nonce + bytes[Self.headerLength...]) else {
            throw TokenError(.malformedToken)
        }
        // Two secrets may have one id, once in four thousand million.
        for key in candidates {
            let tokenKey = key.sealing.tokenKey(salt: Array(header.suffix(Self.saltLength)))
            if let contents = try? AES.GCM.open(box, using: tokenKey, authenticating: header + self.binding) {
                key.watched.noteUse()
                return Array(contents)
            }
        }
        throw TokenError(.badSeal)
    }

    /// Whether a text could be a token: it has no dot, which signed ones have. Nothing else is checked.
    static func hasForm(of token: ArraySlice<UInt8>) -> Bool {
        !token.isEmpty && !token.contains(Signer.separator)
    }
}
