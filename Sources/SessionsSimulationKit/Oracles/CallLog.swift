// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// All calls of a run, in the order of their beginnings.
@Simulated
final class CallLog {
    private(set) var calls: [StoreCall] = []
    /// What was found while the run went on.
    private(set) var findings: [StoreFinding] = []
    /// How often each thing happened.
    private(set) var events: [StoreEventKind: Int] = [:]
    private var ticks = 0
    private let schedule: Schedule

    /// A history of more than 64 calls of one session cannot be checked.
    private static let most = 64
    /// How many of them are left for the last look at the store.
    private var reserve = 8

    init(_ schedule: Schedule) {
        self.schedule = schedule
    }

    private var milliseconds: Int { self.schedule.now / 1000 }

    func hasRoom(for session: Int) -> Bool {
        self.calls.count { $0.session == session } < Self.most - self.reserve
    }

    /// What comes from now on is the last look.
    func takeLastLook() { self.reserve = 0 }

    /// - Returns: The number of the call.
    func begin(_ operation: StoreCall.Operation, client: Int, session: Int?, at time: Int?) -> Int {
        self.ticks += 1
        let number = self.calls.count
        self.calls.append(
            StoreCall(
                number: number, client: client, session: session, operation: operation, at: time, began: self.ticks,
                begin: self.milliseconds))
        self.schedule.note(UInt64(number))
        return number
    }

    func end(_ number: Int, _ answer: StoreCall.Answer) {
        self.ticks += 1
        self.calls[number].ended = self.ticks
        self.calls[number].end = self.milliseconds
        self.calls[number].answer = answer
        self.schedule.note(UInt64(self.ticks) << 40 ^ answer.digest)
        self.count(self.calls[number])
    }

    /// A call that has thrown: whether it was done is not known, and when neither.
    func fail(_ number: Int, _ reason: String) {
        self.calls[number].answer = .unknown(reason)
        self.schedule.note(UInt64(number) << 32)
    }

    func saw(_ event: StoreEventKind) { self.events[event, default: 0] += 1 }

    func found(_ promise: StorePromise, _ text: String) {
        self.findings.append(StoreFinding(promise: promise, text: text))
    }

    private func count(_ call: StoreCall) {
        switch (call.operation, call.answer) {
        case (.write(_, let version), .done(false)): self.saw(version == nil ? .takenID : .conflict)
        case (.remove(_, nil), .done(true)): self.saw(.removal)
        case (.list, .ids(let ids)) where !ids.isEmpty: self.saw(.listing)
        case (.purge, .count(let count)) where count > 0: self.saw(.purged)
        default: break
        }
    }
}

/// A promise of the contract that was not kept.
struct StoreFinding: Sendable {
    let promise: StorePromise
    let text: String
    /// The session that it is about; nil for all.
    var session: Int?
}

/// What must happen sometimes, so that the promises mean something.
enum StoreEventKind: String, Sendable, CaseIterable {
    case conflict = "a write met another version"
    case takenID = "a new record met one that was there"
    case removal = "a record was removed"
    case listing = "a user had sessions"
    case purged = "a purge removed records"
    case lastMillisecond = "a client came in the millisecond before a record's end"
    case endMillisecond = "a client came in the millisecond of a record's end"
    case unreachable = "a call did not come to the store"
    case lostAnswer = "a client did not get the store's answer"
    case lateCall = "a call came to the store long after its client had given up"
    case doubledCall = "a call came to the store twice"
    case cancelledCall = "a client gave up while the store worked"
    case engineFault = "the engine behind the store failed"
}

/// What a store promises, as the oracles name it.
enum StorePromise: String, Sendable {
    case isOrdered = "the calls of a session have an order that the contract allows"
    case isWhole = "a record is read as it was written"
    case isListed = "a user's list has all of the user's live sessions"
    case isNotListed = "a user's list has no other sessions, and none twice"
    case purgesItsShare = "a purge removes at most its limit"
    case answers = "a store that can be reached throws no error"
    case comesToAnEnd = "every call comes to an end"
    case isDecided = "one seed decides everything"
}
