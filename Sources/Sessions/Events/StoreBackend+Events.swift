// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happens to sessions in a store, told when the store has taken it.
extension StoreBackend {
    func tellCreated(_ record: SessionRecord) { self.observer.created(SessionSubject(record)) }

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
