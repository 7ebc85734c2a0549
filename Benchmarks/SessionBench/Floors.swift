// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Foundation
import SessionsSupport

/// The least that sessions cannot do without: the cryptography, and copying.
enum Floors {
    static let group = "floors"

    static var all: [Workload] {
        [
            self.bareHMACs(bytes: 256, count: 1), self.sha256HMAC(bytes: 256), self.base64(bytes: 200),
            self.sealing(bytes: 200), self.derivation, self.randomBytes,
        ]
    }

    /// HMAC-SHA-1 from a state that already contains the key.
    static func bareHMACs(bytes: Int, count: Int) -> Workload {
        let keyed = HMAC<Insecure.SHA1>(key: SymmetricKey(size: .bits256))
        let message = self.message(bytes)
        let name = count == 1 ? "HMAC-SHA-1 of \(bytes) bytes" : "\(count) HMAC-SHA-1 of \(bytes) bytes"
        return Workload(self.group, name) { rounds in
            for _ in 0..<rounds * count {
                var code = keyed
                code.update(data: message)
                blackHole(code.finalize())
            }
        }
    }

    static func sha256HMAC(bytes: Int) -> Workload {
        let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
        let message = self.message(bytes)
        return Workload(self.group, "HMAC-SHA-256 of \(bytes) bytes") { rounds in
            for _ in 0..<rounds {
                var code = keyed
                code.update(data: message)
                blackHole(code.finalize())
            }
        }
    }

    static func base64(bytes: Int) -> Workload {
        let message = self.message(bytes)
        return Workload(self.group, "base64 of \(bytes) bytes") { rounds in
            for _ in 0..<rounds { blackHole(Base64.encodeURLSafe(message)) }
        }
    }

    /// AES-256-GCM with a key that is there.
    static func sealing(bytes: Int) -> Workload {
        let key = SymmetricKey(size: .bits256)
        let message = self.message(bytes)
        let zeros = [UInt8](repeating: 0, count: 12)
        return Workload(self.group, "AES-256-GCM of \(bytes) bytes") { rounds in
            for _ in 0..<rounds {
                blackHole(try AES.GCM.seal(message, using: key, nonce: AES.GCM.Nonce(data: zeros)))
            }
        }
    }

    static var derivation: Workload {
        let key = SymmetricKey(size: .bits256)
        let salt = self.message(32)
        return Workload(self.group, "HKDF-SHA-256 to 32 bytes") { rounds in
            for _ in 0..<rounds {
                blackHole(
                    HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: salt, outputByteCount: 32))
            }
        }
    }

    static var randomBytes: Workload {
        Workload(self.group, "32 random bytes") { rounds in
            for _ in 0..<rounds { blackHole(SessionRandom.system.bytes(32)) }
        }
    }

    static func message(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) } }
}

/// Keeps the optimizer from leaving out work whose result is not used.
@inline(never) func blackHole<Value>(_ value: Value) {}
