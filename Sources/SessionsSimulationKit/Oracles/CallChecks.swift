// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import SessionsTesting

/// Holds the contract of a store to the calls of a run.
struct CallChecks {
    private let calls: [StoreCall]
    private let ids: [SessionID]
    private let users: [String]
    private let expiry: SessionStoreExpiry
    private var findings: [StoreFinding] = []

    static func findings(
        _ calls: [StoreCall], ids: [SessionID], users: [String], expiry: SessionStoreExpiry
    ) -> [StoreFinding] {
        var checks = CallChecks(calls: calls, ids: ids, users: users, expiry: expiry)
        checks.checkReads()
        for session in ids.indices { checks.checkOrder(of: session) }
        checks.checkLists()
        return checks.findings
    }

    private init(calls: [StoreCall], ids: [SessionID], users: [String], expiry: SessionStoreExpiry) {
        self.calls = calls
        self.ids = ids
        self.users = users
        self.expiry = expiry
    }

    /// By which times a store may judge whether a record has expired: by what the call passes.
    ///
    /// It has also expired for a store that has heard of a later time, from a call that came before this one's end: a
    /// purge may have removed it. By its own clock a store may judge at any moment between the call's beginning and its
    /// end.
    private func judged(_ call: StoreCall) -> ClosedRange<Int> {
        var latest = call.at ?? .min
        for other in self.calls where other.began < call.ended { latest = max(latest, other.at ?? .min) }
        guard self.expiry == .byEngine else { return min(call.at ?? .min, latest)...latest }
        return call.begin...max(latest, call.end)
    }

    // MARK: - Reads

    private mutating func checkReads() {
        var written: [Int: SessionRecord] = [:]
        for call in self.calls {
            if let record = call.record { written[record.writeNumber] = record }
            if case .count(let count) = call.answer, case .purge(let limit) = call.operation, !(0...limit ~= count) {
                self.findings.append(StoreFinding(promise: .purgesItsShare, text: "call \(call.number)"))
            }
        }
        for call in self.calls {
            guard case .record(let record?) = call.answer else { continue }
            guard let original = written[record.writeNumber] else {
                self.findings.append(
                    StoreFinding(promise: .isWhole, text: "call \(call.number) reads what was never written"))
                continue
            }
            let differences = record.differences(from: original).joined(separator: "; ")
            if !differences.isEmpty {
                self.findings.append(
                    StoreFinding(
                        promise: .isWhole, text: "in call \(call.number), \(differences)", session: call.session))
            }
        }
    }

    // MARK: - Order

    private mutating func checkOrder(of session: Int) {
        let events = self.calls.filter { $0.session == session }.map { SlotEvent(call: $0, judged: self.judged($0)) }
        guard !History.isLinearizable(events) else { return }
        self.findings.append(
            StoreFinding(
                promise: .isOrdered,
                text: "session \(session): no order explains its reads, writes and removals by the contract",
                session: session))
    }

    // MARK: - Lists

    private mutating func checkLists() {
        for call in self.calls {
            guard case .list(let user) = call.operation, case .ids(let listed) = call.answer else { continue }
            if Set(listed).count < listed.count || !Set(listed).isSubset(of: self.ids) {
                self.findings.append(
                    StoreFinding(promise: .isNotListed, text: "call \(call.number) has an unknown id, or one twice"))
            }
            for (session, id) in self.ids.enumerated() {
                let isListed = listed.contains(id)
                if !isListed, self.mustBeListed(session, under: user, call) {
                    self.findings.append(
                        StoreFinding(
                            promise: .isListed, text: "session \(session) is missing in call \(call.number)",
                            session: session))
                }
                if isListed, !self.mayBeListed(session, under: user, call) {
                    self.findings.append(
                        StoreFinding(
                            promise: .isNotListed, text: "session \(session) is there in call \(call.number)",
                            session: session))
                }
            }
        }
    }

    /// Whether a record is surely the user's while the list is made: a call before it has written or read it, it is
    /// live, and no other change may have come since.
    private func mustBeListed(_ session: Int, under user: String, _ list: StoreCall) -> Bool {
        let latest = self.judged(list).upperBound
        let calls = self.calls.filter { $0.session == session }
        return calls.contains { anchor in
            guard let record = anchor.shown, record.user == user, anchor.ended < list.began,
                latest < SlotEvent.Slot(record).end
            else { return false }
            return calls.allSatisfy {
                !$0.changes.perhaps || $0.record?.writeNumber == record.writeNumber || $0.ended < anchor.began
                    || $0.began > list.ended
            }
        }
    }

    /// Whether a write may have made the record the user's, and nothing has surely undone that before the list.
    private func mayBeListed(_ session: Int, under user: String, _ list: StoreCall) -> Bool {
        let earliest = self.judged(list).lowerBound
        let changes = self.calls.filter { $0.session == session && $0.changes.perhaps }
        return changes.contains { write in
            guard let record = write.record, record.user == user, write.began < list.ended,
                earliest < SlotEvent.Slot(record).end
            else { return false }
            return !changes.contains { $0.changes.surely && $0.began > write.ended && $0.ended < list.began }
        }
    }
}
