// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

/// The nonce of one request, made when it is asked for.
final class PageNonce: Sendable {
    private let made = Mutex<String?>(nil)

    /// 128 random bits in base64url, as CSP Level 3, section 7.1, asks for.
    var value: String {
        self.made.withLock { made in
            let value = made ?? String(decoding: Base64.encodeURLSafe(SessionRandom.system.bytes(16)), as: UTF8.self)
            made = value
            return value
        }
    }

    /// The nonce, if it has been asked for.
    var used: String? { self.made.withLock { $0 } }
}
