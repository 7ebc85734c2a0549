// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionPolicy {
    /// How soon a session that is ended is refused.
    var revocation: String {
        switch self.kept {
        case .store:
            "at the next request: signing out, here or everywhere, ends a session wherever its cookie was copied to"
        case .flaskSession: "at the next request; a user's sessions cannot be listed"
        case .cookie: self.cookieRevocation
        }
    }

    private var cookieRevocation: String {
        guard let list = self.configuration.revocations?.list else {
            return "none: signing out deletes the cookie, and a copy of it is good until the times above are over"
        }
        return list.isShared
            ? "at the next request, and within \(list.staleness.inWords) in every other process"
            : "at the next request in this process, as long as it runs"
    }
}
