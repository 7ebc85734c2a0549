// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Sessions

/// The names of the store's keys, and the hash of a user's name.
///
/// A session is `prefix:{id}`, with the id in hex; a user's list is `prefix:user:{hash}`. In a cluster the text in the
/// braces decides which server has the key.
struct SessionKeys: Sendable {
    static let markLength = 16

    let prefix: String

    func session(_ id: SessionID) -> [UInt8] { Array("\(self.prefix):{\(id)}".utf8) }

    func list(ofUser mark: [UInt8]) -> [UInt8] { Array("\(self.prefix):user:{\(Hex.text(mark))}".utf8) }

    /// The first half of the SHA-256 of the user's name. It tells users apart, has a fixed length, and does not reveal
    /// the name as an e-mail address would.
    static func mark(ofUser user: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(user.utf8)).prefix(Self.markLength))
    }
}
