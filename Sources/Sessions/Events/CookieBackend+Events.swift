// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happens to sessions in their cookies. Sending the cookie is the write, so it is told when that is settled.
extension CookieBackend {
    func tell(_ action: CookieAction, of session: Session) {
        let state = session.snapshot
        guard state.isModified, action != .none else { return }
        let before = state.opened.map { self.subject($0.values) }
        let isContinued = action != .delete && !state.isDestroyed
        if let before, !isContinued { self.observer.ended(before) }
        guard action != .delete else { return }
        let subject = self.subject(state.values)
        guard let before, isContinued else { return self.observer.created(subject) }
        if state.wantsRenewal { self.observer.renewed(subject) }
        self.observer.user(was: before.user, of: subject, isProof: state.restartsLimits)
    }

    private func subject(_ values: SessionDictionary) -> SessionSubject { SessionSubject(user: values.user) }
}
