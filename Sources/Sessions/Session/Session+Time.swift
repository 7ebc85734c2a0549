// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Session {
    /// Whether this request is a use, which keeps the session alive; true unless set. A page that asks every few
    /// seconds whether there is news sets it to false, or the session of a visitor who has gone home would never be
    /// idle:
    ///
    /// ```swift
    /// app.get("/news") { request in
    ///     request.session.countsAsUse = false
    ///     let seconds = request.session.timeLeft?.components.seconds ?? 0
    ///     return try Response(json: ["secondsLeft": seconds])
    /// }
    /// ```
    ///
    /// The idle time goes on then as if the request had not come, also when the request changes the session. A sign-in
    /// and a step-up are always a use, and so is a change to a session that is shared with Flask-Session, whose records
    /// say only how long they live.
    ///
    /// - SeeAlso: OWASP Session Management Cheat Sheet, "Automatic Session Expiration".
    public var countsAsUse: Bool {
        get { self.withState { $0.intent.countsAsUse } }
        set { self.withState { $0.intent.countsAsUse = newValue } }
    }

    /// When the session ends unless it is used before, as this request found it; the idle or the absolute limit,
    /// whichever comes first. Nil for a session that begins with this request, and for one that is shared with
    /// Flask-Session.
    public var expiresAt: Date? { self.read { $0.expiresAt } }

    /// When the session ends however much it is used, unless the user signs in or proves again who they are; nil where
    /// there is no such limit, and where ``expiresAt`` is nil.
    public var absoluteEnd: Date? { self.read { $0.absoluteEnd } }

    /// How long the session lasts unless it is used before: the time until ``expiresAt``, never negative.
    ///
    /// Send this to a page that counts down, and not a date: the visitor's clock may be wrong.
    public var timeLeft: Duration? {
        let now = self.clock.now()
        return self.expiresAt.map { end in
            end > now ? .milliseconds(end.milliseconds - now.milliseconds) : .zero
        }
    }
}

extension SessionState {
    fileprivate var expiresAt: Date? { self.found?.expiresAt(within: self.request.surroundings.lifetime) }

    fileprivate var absoluteEnd: Date? { self.found?.absoluteEnd(within: self.request.surroundings.lifetime) }
}
