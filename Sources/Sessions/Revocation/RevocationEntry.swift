// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One thing that a list of revocations remembers. Times are milliseconds since 1970.
struct RevocationEntry: Sendable, Hashable {
    enum Fact: Sendable, Hashable {
        /// The session of this id has ended, what it was renewed to, and all that came of the same cookie.
        case ended(RevocationKey)
        /// The session of this id goes on under another.
        case renewed(RevocationKey, successor: RevocationKey, at: Int)
        /// This session went on in a store, with no change of privileges: its cookie may be read for a moment.
        case moved(RevocationKey, successor: RevocationKey, at: Int)
        /// Every session of this user whose id was made at this millisecond or before has ended.
        case userEnded(RevocationKey, cutoff: Int)
    }

    let fact: Fact
    /// The last millisecond at which a token that this is about could be good.
    let until: Int
}

/// What a list of revocations knows a session or a user by: sixteen bytes, without an allocation.
struct RevocationKey: Sendable, Hashable {
    let words: TwoWords

    static let length = SessionID.length

    /// Nil for any other number of bytes than sixteen.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.words = TwoWords(bytes)
    }

    init(_ id: SessionID) {
        self.words = id.words
    }

    /// The first half of the SHA-256 of a prefix and the user: one length for all, and no name in the store. It hides
    /// no name from who can guess it; a keyed hash would change with the keys, and the list must outlive them.
    init(user: String) {
        self.words = TwoWords(SHA256.hash(data: Array("dewar.revocations.user\0".utf8) + Array(user.utf8)).map(\.self))
    }

    var bytes: [UInt8] { self.words.bytes }
}

/// What a revocation list knows a cookie by.
struct RevocableCookie: Sendable {
    /// Nil for a token of a format without ids.
    let id: RevocationKey?
    let user: String?
    /// The millisecond by which "all sessions of a user until now" counts it.
    let madeAt: Int
    /// The cutoff that this request itself has set for its user, from which it is exempt.
    let exemption: Int?

    init(_ contents: TokenContents, exemption: Int? = nil) {
        self.id = contents.id.map(RevocationKey.init)
        self.user = contents.values.user
        self.madeAt = contents.idMadeAt ?? contents.signedAt * 1000
        self.exemption = exemption
    }

    var sessionID: SessionID? { self.id.map { SessionID($0.words) } }
}

/// What a list of revocations says about a token.
enum RevocationVerdict: Sendable, Hashable {
    case live
    case revoked
    /// It is of an id that was renewed some time ago, so that two have the cookie: the visitor and a thief.
    case replayed
}

/// An entry that another process has written, as it was read from the store.
struct RevocationNews: Sendable {
    let entry: RevocationEntry
    /// How long it is to be remembered after it was read, whatever the wall clock shows: as long as its segment is kept
    /// after its last write. That is as long as the writer remembers it, and needs no clock that two processes share.
    let retention: Duration
}

/// Until when an entry is remembered, in milliseconds by two clocks of which both must be past it.
///
/// The wall clock alone would not do: one reading that is ahead, by a year or a day, would make the list forget for
/// good, and when the clock is right again the cookies that were signed out are good again. The time that has passed
/// alone would not do either: cookies expire by the wall clock, which may have been put back.
struct RevocationRetention: Sendable, Hashable {
    /// The last millisecond since 1970 at which a token could be good.
    private(set) var until: Int
    /// The last millisecond by ``SessionClock/elapsed``.
    private(set) var elapsed: Int

    /// Nothing is remembered.
    static let none = RevocationRetention(until: 0, elapsed: .min)

    /// At least as long as both.
    func extended(to other: Self) -> Self {
        Self(until: max(self.until, other.until), elapsed: max(self.elapsed, other.elapsed))
    }

    func isOver(at now: Int, elapsed: Int) -> Bool { self.until < now && self.elapsed < elapsed }
}

/// The store of a list of revocations answers, and what it says cannot be used.
enum RevocationFault: String, Error, CustomStringConvertible {
    case refusal = "it refuses to write a segment of revocations"
    case unreadableSegment = "it holds a segment of revocations that cannot be read"
    case slowStore = "reading the revocations takes longer than they may be out of date"

    var description: String { self.rawValue }
}
