// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Sessions

/// A Lua script, which the server keeps by the SHA-1 of its source.
struct RedisScript: Sendable {
    let source: String
    let hash: String

    init(_ source: String) {
        self.source = source
        self.hash = Hex.text(Array(Insecure.SHA1.hash(data: Array(source.utf8))))
    }
}
