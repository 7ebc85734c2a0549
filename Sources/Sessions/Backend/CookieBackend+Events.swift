// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happens to sessions in their cookies. Sending the cookie is the write, so it is told when that is settled.
extension CookieBackend {
    func tell(_ action: CookieAction, of session: Session) {
        let state = session.snapshot
        guard state.isModified, action != .none, !self.isStored(action, state) else { return }
        let before = state.opened.map(self.subject)
        let isContinued = action != .delete && !state.isDestroyed && !self.hasEndedByRemoval(state)
        if let before, !isContinued { self.observer.ended(before) }
        guard case .set(_, _, _, let id) = action else { return }
        let subject = SessionSubject(id: id, user: state.values.user)
        guard let before, isContinued else { return self.observer.created(subject) }
        if state.wantsRenewal { self.observer.renewed(subject) }
        self.observer.user(was: before.user, of: subject, isProof: state.restartsLimits)
    }

    func subject(_ contents: TokenContents) -> SessionSubject {
        SessionSubject(id: contents.id, user: contents.values.user)
    }

    private func hasEndedByRemoval(_ state: SessionState) -> Bool {
        guard state.signsOut, let list = self.list, let opened = state.opened else { return false }
        return list.hasEnded(RevocationBearer(opened, exemption: state.mark))
    }

    /// What is in the overflow store, that has told of.
    private func isStored(_ action: CookieAction, _ state: SessionState) -> Bool {
        if state.stored != nil { return true }
        guard self.overflow != nil, case .set(let value, _, _, _) = action else { return false }
        return SessionTicketCoder.hasForm(of: ArraySlice(value.utf8))
    }
}
