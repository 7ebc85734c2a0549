// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import SessionsTesting

/// A call of one session, as a step from one state of its record to another.
struct SlotEvent: HistoryEvent {
    /// What is under a session's id.
    struct Slot: Hashable {
        let version: Int
        let write: Int
        /// In milliseconds.
        let end: Int

        init(_ record: SessionRecord) {
            self.version = record.version
            self.write = record.writeNumber
            self.end = record.expiresAt.milliseconds - SimulatedMachine.epoch
        }
    }

    let call: StoreCall
    /// The earliest time by which the store may judge whether a record has expired, and the latest.
    let judged: ClosedRange<Int>

    static var initial: Slot? { nil }

    var began: Int { self.call.began }

    var ended: Int { self.call.ended }

    var isOptional: Bool { if case .unknown = self.call.answer { true } else { false } }

    func states(after slot: Slot?) -> [Slot?] {
        switch (self.call.operation, self.call.answer) {
        case (.read, .record(nil)): self.mayBeAbsent(slot) ? [slot] : []
        case (.read, .record(let record?)): self.mayLive(slot) && slot == Slot(record) ? [slot] : []
        case (.write(let record, let version), let answer): self.written(Slot(record), version, answer, slot)
        case (.remove(_, let version), let answer): self.removed(version, answer, slot)
        default: [slot]
        }
    }

    private func mayLive(_ slot: Slot?) -> Bool { slot.map { self.judged.lowerBound < $0.end } ?? false }

    private func mayBeAbsent(_ slot: Slot?) -> Bool { slot.map { self.judged.upperBound >= $0.end } ?? true }

    private func written(_ new: Slot, _ version: Int?, _ answer: StoreCall.Answer, _ slot: Slot?) -> [Slot?] {
        let isThere = version.map { $0 == slot?.version && self.mayLive(slot) } ?? self.mayBeAbsent(slot)
        let isOther = version.map { $0 != slot?.version || self.mayBeAbsent(slot) } ?? self.mayLive(slot)
        return switch answer {
        case .done(false): isOther ? [slot] : []
        default: isThere ? [new] : []
        }
    }

    /// What a removal by version says of a record that has expired is left open by the contract.
    private func removed(_ version: Int?, _ answer: StoreCall.Answer, _ slot: Slot?) -> [Slot?] {
        guard let slot else { if case .done(false) = answer { return [] } else { return [nil] } }
        let isThis = version == nil || version == slot.version
        let isOpen = version != nil && self.mayBeAbsent(slot)
        return switch answer {
        case .done(false): !isThis || isOpen ? [slot] : []
        default: isThis ? [nil] : isOpen ? [nil, slot] : []
        }
    }
}
