// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Where a request's session comes from.
package enum SessionOrigin: Sendable {
    /// No cookie came, or one that was rejected when it came.
    case nothing
    /// The cookie holds the session, and nothing has looked at it yet.
    case unopened(SessionOpening)
    /// The browser has got another cookie since the request came, from the response to another request, which a session
    /// that begins here must not replace.
    case superseded
    /// The cookie holds its session, was read when something first looked at it, and was rejected.
    case refused
    /// The session that the cookie holds, or leads to.
    case found(any FoundSession)
    /// There is no session, for this reason: reading gives nothing, and a change is refused: the commit throws this.
    case unavailable(SessionError)
}

/// A session as the request found it: in its cookie, in a store, or in a record of Flask-Session.
package protocol FoundSession: Sendable {
    /// Names the session; nil where nothing does.
    var id: SessionID? { get }
    var values: SessionDictionary { get }
    /// The limits that are kept with the session; nil where the configured ones hold.
    var lifetime: SessionLifetime? { get }
    /// Whether the changes of requests that meet are merged, so that each must be kept.
    var isMerged: Bool { get }

    /// When the session ends unless it is used before; nil where that is not known.
    ///
    /// - Parameter configured: The limits of a session that has none of its own.
    func expiresAt(within configured: SessionLifetime) -> Date?

    /// When the session ends however much it is used; nil for never, and where that is not known.
    func absoluteEnd(within configured: SessionLifetime) -> Date?
}

/// How a cookie's session is read when something first looks at it.
///
/// Both closures run code of the application's: its clock, its counters, its log handler. No lock is held meanwhile.
package struct SessionOpening: Sendable {
    /// The cookie, unchecked.
    let token: ArraySlice<UInt8>
    /// Decodes and judges the cookie. Where two tasks look at once it may run twice, and what it gave first counts.
    let read: @Sendable () throws(CookieRefusal) -> (any FoundSession)?
    /// Says why the cookie gave no session, once.
    var refuse: @Sendable (CookieRefusal) -> Void = { _ in }
}

/// Why a cookie gave no session, and which one it would have been, as far as a good seal says.
package struct CookieRefusal: Error {
    let reason: TokenError
    let session: (any FoundSession)?

    init(_ reason: TokenError, of session: (any FoundSession)? = nil) {
        self.reason = reason
        self.session = session
    }
}

/// What a request says of itself, and what the manager gives it.
package struct RequestFacts: Sendable {
    /// What the request's browser calls itself.
    var userAgent: String?
    /// Whether a cookie of the session's name came, be it good or not.
    var cameWithCookie = false
    /// Whether none came, and the browser may have kept one back because another site sent the request.
    var mayHaveHiddenCookie = false
    /// What the manager gives to every session.
    var surroundings = SessionSurroundings.standard
}

/// What all sessions of a manager have in common. It is one object, so that a request does not copy each part.
package final class SessionSurroundings: Sendable {
    /// The limits of a session that has none of its own.
    let lifetime: SessionLifetime
    let clock: SessionClock
    let random: SessionRandom

    init(lifetime: SessionLifetime, clock: SessionClock, random: SessionRandom) {
        self.lifetime = lifetime
        self.clock = clock
        self.random = random
    }

    /// For a session that no manager has opened.
    static let standard = SessionSurroundings(lifetime: .standard, clock: .system, random: .system)
}
