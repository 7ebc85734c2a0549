// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a list of revocations judges a token by.
struct RevocationBearer: Sendable {
    /// Nil for a token of a format without ids.
    let id: RevocationKey?
    let user: String?
    /// The millisecond by which "all sessions of a user until now" counts it.
    let madeAt: Int
    /// The mark that this request itself set for its user, from which it is exempt.
    var exemption: Int?

    init(_ contents: TokenContents, exemption: Int? = nil) {
        self.id = contents.id.map(RevocationKey.init)
        self.user = contents.values.user
        self.madeAt = contents.idMadeAt ?? contents.signedAt * 1000
        self.exemption = exemption
    }
}
