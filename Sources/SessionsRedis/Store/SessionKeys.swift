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

    /// What `SCAN` compares keys with.
    var pattern: String {
        let special = Set("*?[]\\^-")
        return self.prefix.map { special.contains($0) ? "\\\($0)" : "\($0)" }.joined() + ":{*}"
    }

    /// The id in a session's key; nil for any other key.
    func id(_ key: [UInt8]) -> SessionID? {
        let head = Array("\(self.prefix):{".utf8)
        guard key.starts(with: head),
            let id = SessionID(String(decoding: key[head.count...].dropLast(), as: UTF8.self)),
            self.session(id) == key
        else { return nil }
        return id
    }

    func list(ofUser mark: [UInt8]) -> [UInt8] { Array("\(self.prefix):user:{\(Hex.text(mark))}".utf8) }

    /// The first half of the SHA-256 of the user's name. It tells users apart, has a fixed length, and does not reveal
    /// the name as an e-mail address would.
    static func mark(ofUser user: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(user.utf8)).prefix(Self.markLength))
    }
}
