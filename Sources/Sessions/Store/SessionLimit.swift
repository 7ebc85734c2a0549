// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How many sessions a user may have at once, and what happens at the sign-in that exceeds it.
///
/// ```swift
/// let configuration = SessionConfiguration(.stored(in: store, sessionLimit: .endingOldest(5)))
/// ```
///
/// It needs a store, and applies to every sign-in from then on. A session that moves into the store from its cookie is no
/// sign-in. Of several sign-ins at the same moment, as many succeed
/// as the limit allows, and never more. (OWASP ASVS 5.0, 7.1.2.)
public enum SessionLimit: Sendable, Hashable {
    /// A further sign-in is refused: the commit throws ``SessionError/Kind-swift.struct/sessionLimitReached``, and the
    /// session stays as it was before, unless another sign-in at the same moment has ended it.
    case refusingNewest(Int)
    /// A further sign-in ends the session with the oldest proof of identity.
    case endingOldest(Int)

    var count: Int {
        switch self {
        case .refusingNewest(let count), .endingOldest(let count): count
        }
    }
}
