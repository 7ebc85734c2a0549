// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

/// That a session is a user's: an empty file in a folder that is named after the user's SHA-256.
struct UserMarker: Hashable {
    let folder: String
    let id: SessionID

    init?(_ record: SessionRecord) {
        guard let user = record.user else { return nil }
        self.init(user: user, id: record.id)
    }

    init(user: String, id: SessionID) {
        self.folder = Self.folder(ofUser: user)
        self.id = id
    }

    /// A user's folder. A user's name may hold anything; hex digits may stand in a path.
    static func folder(ofUser user: String) -> String {
        let hash = Hex.text(SHA256.hash(data: Array(user.utf8)).map { $0 })
        return "users/\(hash.prefix(2))/\(hash)"
    }

    var path: String { "\(self.folder)/\(self.id)" }
}
