// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
