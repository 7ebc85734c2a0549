// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How many sessions a user may have at once, and what becomes of one too many.
///
/// ```swift
/// var configuration = SessionConfiguration.stored(in: store)
/// configuration.sessionLimit = .endingOldest(5)
/// ```
///
/// It needs a store, and holds for every sign-in from then on. Of sign-ins at the same moment so many stand that the
/// limit is met, and never more. (OWASP ASVS 5.0, 7.1.2.)
public enum SessionLimit: Sendable, Hashable {
    /// A further sign-in is refused: the commit throws ``SessionError/Code-swift.enum/sessionLimitReached``, and the
    /// session is left as it was before.
    case refusingNewest(Int)
    /// A further sign-in ends the session whose user proved longest ago who they are.
    case endingOldest(Int)

    var count: Int {
        switch self {
        case .refusingNewest(let count), .endingOldest(let count): count
        }
    }
}
