// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Appends a signature to bytes and checks it: `value.signature` (itsdangerous' `Signer`, `itsdangerous/signer.py`).
///
/// The signing key is derived as Flask does it, HMAC(secret, salt), once for every secret; the salt keeps tokens of one
/// purpose from passing for another's.
///
/// ```swift
/// let signer = Signer(keys: "a secret", salt: "cookie-session")
/// let token = signer.sign(Array("value".utf8))
/// let value = try signer.unsign(token[...])
/// ```
package struct Signer: Sendable {
    /// The hash function under the HMAC.
    package enum Digest: Sendable, Hashable {
        /// What Flask uses. SHA-1's collisions do not touch HMAC.
        case sha1
        case sha256
    }

    private let keys: [(code: MessageCode, watched: WatchedKey)]

    /// A signer for one purpose.
    ///
    /// - Parameters:
    ///   - keys: The first signs; any of them verifies.
    ///   - salt: The purpose, as text; it need not be secret.
    ///   - digest: The hash function.
    package init(keys: SecretKeys, salt: String, digest: Digest = .sha1) {
        self.keys = keys.all.map { (MessageCode(secret: $0.key, salt: salt, digest: digest), $0) }
    }

    /// The value, a dot and the signature in base64url.
    package func sign(_ value: [UInt8]) -> [UInt8] {
        value + [Self.separator] + Base64.encodeURLSafe(self.keys[0].code.code(for: value[...]))
    }

    /// The value of a token, once its signature is found to be good.
    ///
    /// A key past its end is as good as none. The signature is compared in constant time and read as leniently as
    /// Python reads base64: each has several spellings.
    ///
    /// - Throws: ``TokenError`` with `noSeparator` or `badSignature`.
    package func unsign(_ token: ArraySlice<UInt8>) throws(TokenError) -> ArraySlice<UInt8> {
        try self.unsignTellingKey(token).value
    }

    /// The value of a token, and whether another key made it than the one that signs now.
    package func unsignTellingKey(
        _ token: ArraySlice<UInt8>
    ) throws(TokenError) -> (value: ArraySlice<UInt8>, hasOtherKey: Bool) {
        guard let dot = token.lastIndex(of: Self.separator) else { throw TokenError(.noSeparator) }
        let value = token[..<dot]
        guard let signature = Base64.decodeURLSafe(token[(dot + 1)...]),
            let index = self.keys.firstIndex(where: {
                $0.watched.isAccepted && $0.code.isValid(signature, for: value)
            })
        else { throw TokenError(.badSignature) }
        self.keys[index].watched.noteUse()
        return (value, index > 0)
    }

    package static let separator = UInt8(ascii: ".")
}

/// HMAC (RFC 2104) under one derived key, with the work that the key alone decides done once.
enum MessageCode: Sendable {
    case sha1(HMAC<Insecure.SHA1>)
    case sha256(HMAC<SHA256>)

    /// The key is HMAC(secret, salt): `itsdangerous/signer.py`, derivation `hmac`.
    init(secret: SecretKey, salt: String, digest: Signer.Digest) {
        let secret = SymmetricKey(data: secret.bytes)
        let salt = Array(salt.utf8)
        switch digest {
        case .sha1:
            let key = HMAC<Insecure.SHA1>.authenticationCode(for: salt, using: secret)
            self = .sha1(HMAC(key: SymmetricKey(data: key)))
        case .sha256:
            let key = HMAC<SHA256>.authenticationCode(for: salt, using: secret)
            self = .sha256(HMAC(key: SymmetricKey(data: key)))
        }
    }

    func code(for message: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .sha1(let keyed): Array(Self.finish(keyed, message))
        case .sha256(let keyed): Array(Self.finish(keyed, message))
        }
    }

    /// Compares in constant time.
    func isValid(_ code: [UInt8], for message: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .sha1(let keyed): Self.finish(keyed, message) == code
        case .sha256(let keyed): Self.finish(keyed, message) == code
        }
    }

    private static func finish<Hash>(
        _ keyed: HMAC<Hash>, _ message: ArraySlice<UInt8>
    ) -> HashedAuthenticationCode<Hash> {
        var keyed = keyed
        keyed.update(data: message)
        return keyed.finalize()
    }
}

extension MessageCode: CustomReflectable {
    /// `dump` shows nothing: who has the state of the hash can sign as well as who has the key.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension MessageCode: CustomStringConvertible {
    var description: String { "MessageCode" }
}
