// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What may name a user. Names are told apart by their bytes.
enum SessionUser {
    static let maximumLength = 1024

    /// The user under whom stores keep the list of revocations; no visitor can sign in as it.
    static let reserved = "dewar.revocations"

    static func isUsable(_ user: String) -> Bool {
        (1...Self.maximumLength).contains(user.utf8.count) && !Self.isSame(user, Self.reserved)
    }

    static func isSame(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }

    static let unusable = SessionError(
        .unstorableValue,
        "Nobody was signed in: the name of a user has 1 to \(Self.maximumLength) bytes, and this one has not, or is reserved."
    )
}

extension SessionDictionary {
    /// Who is signed in.
    var user: String? {
        let user: String
        switch self[SessionState.userKey] {
        case .string(let text): user = text
        case .int(let number): user = String(number)
        case .bigInteger(let number): user = number.description
        default: return nil
        }
        return SessionUser.isUsable(user) ? user : nil
    }

    /// When they last proved it. The time is kept with the user whose it is, because a Flask application knows nothing
    /// of it and leaves it to the next one.
    var authenticatedAt: Date? {
        guard case .list(let stamp)? = self[SessionState.authenticatedAtKey], stamp.count == 2,
            case .int(let seconds) = stamp[0], case .string(let user) = stamp[1], SessionUser.isSame(user, self.user),
            (0...Int(CivilTime.lastSecond)).contains(seconds)
        else { return nil }
        return Date(milliseconds: seconds * 1000)
    }
}
