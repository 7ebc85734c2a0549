// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a request wants done with its session at the commit.
package struct SessionIntent: Sendable {
    /// Whether the session is to be written.
    package var isModified = false
    /// The request's changes in order, kept for a session whose requests are merged.
    var changes: [SessionChange] = []
    /// Changes that could not be made, by key. The commit throws one, unless the key was later set to a storable value.
    package var failures: [String: SessionError] = [:]
    /// Whether the session that the request found is to end. What is set afterwards begins another session.
    package var isDestroyed = false
    /// Whether everything was taken out at some time.
    var hasRemovedAll = false
    /// Whether the session is to get a new secret, or a new id where it lives in its cookie.
    package var wantsRenewal = false
    /// The limits of this session.
    var limits = Limits.asBefore
    /// Whether the limits start anew, because the user proved who they are.
    package var restartsLimits = false
    /// Whether the request is a use that keeps the session alive, as far as the application says.
    var countsAsUse = true
    /// The millisecond up to which this request has ended all other sessions of its user. The id that this session gets
    /// at the commit must be newer.
    var revokedOthersAt: Int?

    /// Which limits a session has after the commit.
    enum Limits: Sendable {
        /// Those that it has.
        case asBefore
        /// Those of the configuration.
        case configured
        /// Its own.
        case own(SessionLifetime)
    }

    /// Forgets what `destroy()` takes back: the next session begins without it.
    mutating func destroy() {
        self.isDestroyed = true
        self.changes = []
        self.limits = .asBefore
    }
}
