// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Sessions

/// Says that a session belongs to a user: an empty file, named after the SHA-256 of the user's name and the session's
/// id.
///
/// The files are in 4096 folders by the first digits of the hash. These folders stay. With a folder for each user, the
/// user's last session would have to remove it, and on ext4 that costs more than all the rest. Here a list reads a few
/// names of other users: 250 for each million sessions.
struct UserMarker: Hashable {
    private let hash: String
    let id: SessionID

    init?(_ record: SessionRecord) {
        guard let user = record.user else { return nil }
        self.init(user: user, id: record.id)
    }

    init(user: String, id: SessionID) {
        self.init(hash: Self.hash(user), id: id)
    }

    private init(hash: String, id: SessionID) {
        self.hash = hash
        self.id = id
    }

    var path: String { "\(Self.folder(self.hash))/\(self.hash)\(self.id)" }

    /// Calls `body` with each of a user's markers in a store, until it returns false.
    static func forEach(
        ofUser user: String, in folder: StoreFolder, _ body: (UserMarker) throws -> Bool
    ) throws {
        let hash = Self.hash(user)
        try folder.forEachName(in: Self.folder(hash)) { name in
            // An id can be spelled in several ways, and the store's files have one.
            guard name.hasPrefix(hash), let id = SessionID(String(name.dropFirst(hash.count))), name == "\(hash)\(id)"
            else { return true }
            return try body(UserMarker(hash: hash, id: id))
        }
    }

    /// A user's name may hold any character; hex digits are safe in a path.
    private static func hash(_ user: String) -> String {
        Hex.text(Array(SHA256.hash(data: Array(user.utf8))))
    }

    private static func folder(_ hash: String) -> String { "users/\(hash.prefix(3))" }
}
