// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the handler of a request does with its session.
enum Deed: String, Sendable, CaseIterable, Codable {
    /// Reads.
    case look
    /// Reads, and says that this is no use of the session.
    case peek
    /// Adds one to a counter, with `update`.
    case count
    /// Sets an entry that no other request sets.
    case set
    /// Signs in as the visitor's user.
    case signIn
    /// Proves once more who the user is.
    case reauthenticate
    /// Asks for a new secret.
    case renew
    /// Signs out with `signOut()`.
    case signOut
    /// Signs out, and sets an entry for the next session.
    case signOutAndBegin
    /// Takes out everything, as tutorials do.
    case removeAll
    /// Takes out the user and leaves an entry: what is left goes on in another session.
    case removeUser
    /// Ends all other sessions of the user.
    case revokeOthers

    /// Whether the session that the request found ends, if the request succeeds.
    var ends: Bool { [.signOut, .signOutAndBegin, .removeAll, .removeUser].contains(self) }

    /// Whether the session gets another secret, so that the cookie from before opens nothing.
    var renews: Bool { [.signIn, .reauthenticate, .renew, .removeUser, .revokeOthers].contains(self) }

    /// Whether the request changes something that a later one can find.
    var writes: Bool { ![.look, .peek].contains(self) }
}

/// One thing that one actor does at its time. It has a seed of its own, so that leaving out another act changes nothing
/// about it.
struct Act: Sendable, Codable {
    enum Kind: Sendable, Equatable, Codable {
        /// A visitor's tab sends a request.
        case request(Deed)
        /// A visitor waits for the very millisecond at which the session ends.
        case edge
        /// A thief copies a visitor's cookie as it is now; that of any visitor where none is named.
        case copyCookie(of: Int?)
        /// A thief sends a request with a copy.
        case useCopy(Deed, of: Int?)
        /// A thief sends a cookie of which some characters are others.
        case forge
        /// The administrator ends all sessions of a user.
        case revokeAll
        /// The administrator asks for a user's sessions.
        case list
        /// A process dies, and another takes its place.
        case crash
        /// The store cannot be reached for a while.
        case outage
        /// The store takes no new record for a while.
        case full
        /// A replica hears nothing for so many microseconds, and then the store fails over to it.
        case failOver(losing: Int)
        /// A time server, or an administrator, sets clocks of processes.
        case setClock(ClockChange)
        /// The operator takes the next step of what is under way: other keys, or another place for the sessions.
        case step
        /// The operator goes on to another place for the sessions.
        case move
    }

    /// Microseconds since the beginning.
    let at: Int
    /// Which actor of its kind: a visitor's tab, a thief, the administrator, the operator.
    let hand: Hand
    let kind: Kind
    let seed: UInt64
}

/// Who acts. The acts of one hand follow each other; those of different hands happen at once.
enum Hand: Hashable, Sendable, Codable {
    case tab(visitor: Int, tab: Int)
    case thief
    case administrator
    case operators
    case chance
    case timeServer
    case replica
}
