// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A stored session's values as bytes: tagged JSON, encrypted if so configured.
///
/// Encrypted contents are a format byte, 32 bytes of salt, and the output of AES-256-GCM with the session's id as
/// associated data. The key is derived from the secret key and the salt (HKDF-SHA-256). Every write has a new salt and
/// so a key of its own: no number of writes wears a key out. Both forms are read, whichever is written.
package struct ContentsCoder: Sendable {
    private enum Format {
        static let plain: UInt8 = 1
        static let encrypted: UInt8 = 2
    }

    private static let saltLength = 32
    let keys: SecretKeys
    let encrypts: Bool
    let random: SessionRandom

    package init(keys: SecretKeys, encrypts: Bool, random: SessionRandom) {
        self.keys = keys
        self.encrypts = encrypts
        self.random = random
    }

    package func encode(_ values: SessionDictionary, id: SessionID) throws(SessionError) -> [UInt8] {
        var json: [UInt8]
        do {
            json = try TaggedJSON.encode(.dictionary(values))
        } catch {
            throw .unstorable(values, error) { try TaggedJSON.encode(.dictionary($0)) }
        }
        guard self.encrypts else {
            json.insert(Format.plain, at: 0)
            return json
        }
        let salt = self.random.bytes(Self.saltLength)
        do {
            let box = try AES.GCM.seal(
                json, using: Self.key(self.keys.current, salt: salt[...]),
                nonce: AES.GCM.Nonce(data: self.random.bytes(12)), authenticating: id.bytes)
            return [Format.encrypted] + salt + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw SessionError(.unstorableValue, "The session cannot be encrypted.")
        }
    }

    /// The values; nil when the bytes are not contents, or when no accepted key opens them.
    package func decode(_ contents: [UInt8], id: SessionID) -> SessionDictionary? {
        switch contents.first {
        case Format.plain: Self.values(contents, from: 1)
        case Format.encrypted: self.decrypt(contents.dropFirst(), id: id).flatMap { Self.values($0.json) }
        default: nil
        }
    }

    /// Whether another key than the current one encrypted the contents, so that they are lost when that key ends.
    func haveOtherKey(_ contents: [UInt8], id: SessionID) -> Bool {
        guard contents.first == Format.encrypted else { return false }
        return self.decrypt(contents.dropFirst(), id: id)?.hasOtherKey ?? false
    }

    private func decrypt(
        _ contents: ArraySlice<UInt8>, id: SessionID
    ) -> (json: [UInt8], hasOtherKey: Bool)? {
        let salt = contents.prefix(Self.saltLength)
        guard let box = try? AES.GCM.SealedBox(combined: Array(contents.dropFirst(Self.saltLength))) else { return nil }
        for (index, secret) in self.keys.all.enumerated() where secret.isAccepted {
            let key = Self.key(secret.key, salt: salt)
            if let json = try? AES.GCM.open(box, using: key, authenticating: id.bytes) {
                return (Array(json), index > 0)
            }
        }
        return nil
    }

    private static func values(_ json: [UInt8], from start: Int = 0) -> SessionDictionary? {
        guard case .dictionary(let values)? = try? TaggedJSON.decode(json, from: start) else { return nil }
        return values
    }

    private static func key(_ secret: SecretKey, salt: ArraySlice<UInt8>) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret.bytes), salt: Array(salt), info: Array("dewar.contents".utf8),
            outputByteCount: 32)
    }
}
