// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Testing

@testable import SessionsKeys
@testable import SessionsSupport

/// The codes under tokens are HMAC as swift-crypto computes it, for messages on both sides of every block's end.
@Suite struct MessageCodeTests {
    private static let secret: SecretKey = "a secret of the test"

    @Test func theCodeIsHMAC() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 11) }
        let secret = SymmetricKey(data: Self.secret.bytes)
        let salt = Array("salt".utf8)
        let sha1 = SymmetricKey(data: HMAC<Insecure.SHA1>.authenticationCode(for: salt, using: secret))
        let sha256 = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: salt, using: secret))
        for length in 0...message.count {
            let part = message[..<length]
            let codes: [(MessageCode.HashFunction, [UInt8])] = [
                (.sha1, Array(HMAC<Insecure.SHA1>.authenticationCode(for: part, using: sha1))),
                (.sha256, Array(HMAC<SHA256>.authenticationCode(for: part, using: sha256))),
            ]
            for (function, expected) in codes {
                let code = MessageCode(secret: Self.secret, salt: "salt", digest: function)
                #expect(code.base64(for: part) == Base64.encodeURLSafe(expected))
                #expect(code.isValid(expected, for: part))
            }
        }
    }

    @Test func anotherCodeIsNotValid() {
        let message = Array("message".utf8)[...]
        for function in [MessageCode.HashFunction.sha1, .sha256] {
            let code = MessageCode(secret: Self.secret, salt: "salt", digest: function)
            let text = code.base64(for: message)
            let good = Base64.decodeURLSafe(text[...]) ?? []
            #expect(code.isValid(good, for: message))
            for position in good.indices {
                for bit in 0..<8 {
                    var altered = good
                    altered[position] ^= 1 << UInt8(bit)
                    #expect(!code.isValid(altered, for: message))
                }
                #expect(!code.isValid(Array(good.prefix(position)), for: message))
            }
            #expect(!code.isValid(good + [0], for: message))
            #expect(!code.isValid(good, for: message.dropLast()))
        }
    }

    /// Who has the state of the hash can sign as well as who has the key.
    @Test func nothingOfItIsPrinted() {
        let code = MessageCode(secret: Self.secret, salt: "salt", digest: .sha256)
        var dumped = ""
        dump(code, to: &dumped)
        #expect("\(code)" == "MessageCode")
        #expect(dumped == "- MessageCode\n")
    }
}
