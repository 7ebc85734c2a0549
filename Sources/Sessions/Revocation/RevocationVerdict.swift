// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a list of revocations says about a token.
enum RevocationVerdict: Sendable, Hashable {
    case live
    case revoked
    /// It is of an id that was renewed some time ago, so that two have the cookie: the visitor and a thief.
    case replayed
}
