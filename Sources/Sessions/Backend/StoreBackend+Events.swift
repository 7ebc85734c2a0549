// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happens to sessions in a store, told when the store has taken it.
extension StoreBackend {
    /// One that has moved here from its cookie has begun before, and its user was signed in before.
    func tellCreated(_ record: SessionRecord, _ state: SessionState) {
        if state.isDestroyed { self.tellTakenOverEnded(state) }
        let before = state.isDestroyed ? nil : state.opened?.values.user
        self.observer.created(SessionSubject(record), was: before, isProof: state.restartsLimits)
    }

    func tellTakenOverEnded(_ state: SessionState) {
        guard let opened = state.opened else { return }
        self.observer.ended(SessionSubject(id: opened.id, user: opened.values.user))
    }

    func tellWritten(
        _ record: SessionRecord, over before: SessionRecord, _ state: SessionState, isRenewed: Bool
    ) {
        let subject = SessionSubject(record)
        if isRenewed { self.observer.renewed(subject) }
        self.observer.user(was: before.user, of: subject, isProof: state.restartsLimits)
    }

    func tellEnded(_ record: SessionRecord) { self.observer.ended(SessionSubject(record)) }
}

extension SessionSubject {
    init(_ record: SessionRecord) {
        self.init(id: record.id, user: record.user, deviceLabel: record.deviceLabel)
    }
}
