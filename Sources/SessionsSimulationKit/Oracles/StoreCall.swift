// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

/// A call of the store, with what was asked, what was answered, and when.
///
/// It is noted at the store itself, where no answer is lost: what goes wrong on the way only decides which calls come.
struct StoreCall: Sendable {
    enum Operation: Sendable {
        case read(SessionID)
        case write(SessionRecord, replacing: Int?)
        case remove(SessionID, version: Int?)
        /// Asks for the ids of a user: for all, or for as many as the limit.
        case list(user: String, limit: Int?)
        case purge(limit: Int)
    }

    enum Answer: Sendable {
        case record(SessionRecord?)
        case done(Bool)
        case ids([SessionID])
        case count(Int)
        /// An error, or none yet: what was asked for may be done, now, later or never.
        case unknown(String)
    }

    let number: Int
    let client: Int
    /// Which of the run's sessions; nil for a call that is about all.
    let session: Int?
    let operation: Operation
    /// The time that the call passes, in milliseconds; nil for a call that passes none.
    let at: Int?
    /// The beginning and the end in the order of all beginnings and ends.
    let began: Int
    var ended = Int.max
    /// The beginning and the end, in milliseconds by the clock of the run.
    let begin: Int
    var end = Int.max
    var answer = Answer.unknown("it has not come back")

    /// Whether it changes a record, as far as its answer tells: surely, or perhaps.
    var changes: (perhaps: Bool, surely: Bool) {
        switch (self.operation, self.answer) {
        case (.write, .done(let isDone)), (.remove, .done(let isDone)): (isDone, isDone)
        case (.write, _), (.remove, _): (true, false)
        case (.read, _), (.list, _), (.purge, _): (false, false)
        }
    }

    /// A record that was surely there at a moment of the call.
    var shown: SessionRecord? {
        switch (self.operation, self.answer) {
        case (.write(let record, _), .done(true)): record
        case (.read, .record(let record)): record
        default: nil
        }
    }

    /// The record that it writes.
    var record: SessionRecord? { if case .write(let record, _) = self.operation { record } else { nil } }

    /// The call as it was known at a moment of the run: when it had not come back by then, its answer is unknown.
    func known(at moment: Int) -> StoreCall {
        var call = self
        if call.ended > moment { (call.ended, call.answer) = (.max, .unknown("it has not come back")) }
        return call
    }
}

extension StoreCall.Answer {
    /// A number for the fingerprint of the run: answers that differ in what a client acts by have different ones.
    var digest: UInt64 {
        switch self {
        case .record(nil): 1
        case .record(let record?): UInt64(truncatingIfNeeded: record.writeNumber) << 8 | 2
        case .done(let isDone): isDone ? 3 : 4
        case .ids(let ids): UInt64(ids.count) << 8 | 5
        case .count(let count): UInt64(truncatingIfNeeded: count) << 8 | 6
        case .unknown: 7
        }
    }
}

extension StoreCall: CustomStringConvertible {
    /// What happened, in a sentence.
    var description: String {
        let time = self.end == .max ? "\(self.begin)" : "\(self.begin) to \(self.end)"
        let clock = self.at.map { ", by a clock at \($0) ms" } ?? ""
        return "\(time) ms: client \(self.client) \(self.request)\(clock) → \(self.result)"
    }

    private var request: String {
        let session = self.session.map { "session \($0)" } ?? "?"
        switch self.operation {
        case .read: return "reads \(session)"
        case .write(let record, nil): return "creates \(session) as \(Self.text(record))"
        case .write(let record, let version?):
            return "replaces version \(version) of \(session) by \(Self.text(record))"
        case .remove(_, nil): return "removes \(session)"
        case .remove(_, let version?): return "removes version \(version) of \(session)"
        case .list(let user, nil): return "asks for the sessions of \(user)"
        case .list(let user, let limit?): return "asks for at most \(limit) sessions of \(user)"
        case .purge(let limit): return "purges at most \(limit)"
        }
    }

    private var result: String {
        switch self.answer {
        case .record(let record): record.map(Self.text) ?? "nothing"
        case .done(let isDone): isDone ? "done" : "refused"
        case .ids(let ids): "\(ids.count) ids"
        case .count(let count): "\(count)"
        case .unknown(let reason): "no answer: \(reason)"
        }
    }

    private static func text(_ record: SessionRecord) -> String {
        let end = record.expiresAt.milliseconds - SimulatedMachine.epoch
        let user = record.user ?? "no user"
        return "version \(record.version) (write \(record.writeNumber), \(user), ends at \(end) ms)"
    }
}

extension SessionRecord {
    /// Which write of the run a record comes from: its first bytes say so. -1 where they say nothing.
    var writeNumber: Int { BigEndian.integer(self.contents.prefix(8)) ?? -1 }
}
