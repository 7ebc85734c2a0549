// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import SessionsTesting

/// Holds the contract of a store to the calls of a run.
struct CallChecks {
    private let calls: [StoreCall]
    private let ids: [SessionID]
    private let expiry: SessionStoreExpiry
    private var findings: [StoreFinding] = []

    static func findings(_ calls: [StoreCall], ids: [SessionID], expiry: SessionStoreExpiry) -> [StoreFinding] {
        var checks = CallChecks(calls: calls, ids: ids, expiry: expiry)
        checks.checkReads()
        checks.checkPurges()
        for session in ids.indices { checks.checkOrder(of: session) }
        checks.checkLists()
        return checks.findings
    }

    private init(calls: [StoreCall], ids: [SessionID], expiry: SessionStoreExpiry) {
        self.calls = calls
        self.ids = ids
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

    private mutating func find(_ promise: StorePromise, _ text: String, session: Int? = nil) {
        self.findings.append(StoreFinding(promise: promise, text: text, session: session))
    }

    // MARK: - Single answers

    private mutating func checkReads() {
        let writes = self.calls.compactMap(\.record).map { ($0.writeNumber, $0) }
        let written = Dictionary(writes) { first, _ in first }
        for call in self.calls {
            guard case .record(let record?) = call.answer else { continue }
            guard let original = written[record.writeNumber] else {
                self.find(.isWhole, "call \(call.number) reads what was never written")
                continue
            }
            let differences = record.differences(from: original).joined(separator: "; ")
            if !differences.isEmpty {
                self.find(.isWhole, "in call \(call.number), \(differences)", session: call.session)
            }
        }
    }

    private mutating func checkPurges() {
        for call in self.calls {
            guard case .count(let count) = call.answer, case .purge(let limit) = call.operation else { continue }
            if !(0...limit).contains(count) { self.find(.purgesItsShare, "call \(call.number) removed \(count)") }
        }
    }

    // MARK: - Order

    private mutating func checkOrder(of session: Int) {
        let calls = self.calls.filter { $0.session == session }
        guard !self.haveOrder(calls) else { return }
        // By what was known at the end of each call: the first one with which there is no order any more.
        let ends = calls.filter { $0.ended < .max }.sorted { $0.ended < $1.ended }
        let culprit = ends.first { last in
            !self.haveOrder(calls.filter { $0.began < last.ended }.map { $0.known(at: last.ended) })
        }
        let place = culprit.map { "with call \($0.number), " } ?? ""
        self.find(
            .isOrdered, "session \(session): \(place)no order of the calls explains their answers", session: session)
    }

    private func haveOrder(_ calls: [StoreCall]) -> Bool {
        History.isLinearizable(calls.map { SlotEvent(call: $0, judged: self.judged($0)) })
    }

    // MARK: - Lists

    private mutating func checkLists() {
        for call in self.calls {
            guard case .list(let user, let limit) = call.operation, case .ids(let listed) = call.answer else {
                continue
            }
            self.checkIDs(listed, limit, of: call)
            let hasAll = limit.map { listed.count < max($0, 1) } ?? true
            for (session, id) in self.ids.enumerated() {
                switch listed.contains(id) {
                case true where !self.mayBeListed(session, under: user, call):
                    self.find(.isNotListed, "session \(session) is there in call \(call.number)", session: session)
                case false where hasAll && self.mustBeListed(session, under: user, call):
                    self.find(.isListed, "session \(session) is missing in call \(call.number)", session: session)
                default: break
                }
            }
        }
    }

    private mutating func checkIDs(_ listed: [SessionID], _ limit: Int?, of call: StoreCall) {
        if Set(listed).count < listed.count || !Set(listed).isSubset(of: self.ids) {
            self.find(.isNotListed, "call \(call.number) gives an unknown id, or one twice")
        }
        if let limit, listed.count > max(limit, 1) {
            self.find(.isNotListed, "call \(call.number) gives more ids than its limit")
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
