// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Signing out without `signOut()`, as tutorials do it: the user, or the last entry, is taken out of the session.
extension SessionState {
    /// Whether the request signs out by what it has taken out: who was signed in no longer is, or nothing is left of
    /// what the application had put in.
    ///
    /// Such a request ends the session with the force of `signOut()`: when another request has renewed the session
    /// meanwhile, its cookie would otherwise stay signed in. Messages that a page shows are no entry of the
    /// application's: to take the last one out ends nothing.
    var signsOut: Bool {
        guard self.isModified, !self.isDestroyed, let before = self.broughtValues, before.holdsEntries else {
            return false
        }
        let hasUser = self.values.user != nil
        if before.user != nil, !hasUser { return true }
        // One that is cleared before a sign-in goes on.
        return !self.values.holdsEntries || (self.hasRemovedAll && !hasUser)
    }

    /// The same with what is left in a session of its own, as after `destroy()`.
    var endedByRemoval: SessionState {
        var state = self
        state.isDestroyed = true
        state.changes = []
        return state
    }

    /// What the session held when the request opened it; nil when it begins with the request.
    private var broughtValues: SessionDictionary? {
        self.stored?.values ?? self.opened?.values ?? self.shared?.values
    }
}

extension SessionDictionary {
    /// Whether there is an entry that the library has not put in by itself.
    fileprivate var holdsEntries: Bool {
        self.count > Self.libraryKeys.count { self[$0] != nil }
    }

    private static let libraryKeys = [
        SessionState.permanentKey, SessionState.flashesKey, SessionState.authenticatedAtKey, CrossSiteToken.key,
    ]
}
