// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionPolicy {
    /// How soon a session that is ended is refused.
    var revocation: String {
        switch self.kept {
        case .store:
            "at the next request: signing out, here or everywhere, ends a session wherever its cookie was copied to"
        case .flaskSession: "at the next request; a user's sessions cannot be listed"
        case .cookie: "none: signing out deletes the cookie, and a copy of it is good until the times above are over"
        }
    }
}
