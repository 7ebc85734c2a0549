// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Sessions

/// A Lua script. The server keeps it under the SHA-1 of its source.
struct RedisScript: Sendable {
    let source: String
    let hash: String
    /// Whether it writes; a replica refuses such scripts.
    let isWriting: Bool

    init(_ source: String, isWriting: Bool = true) {
        self.source = source
        self.isWriting = isWriting
        self.hash = Hex.text(Array(Insecure.SHA1.hash(data: Array(source.utf8))))
    }
}
