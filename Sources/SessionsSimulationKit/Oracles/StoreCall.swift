// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

/// A call of the store, with what was asked, what was answered, and when.
///
/// It is noted at the store itself, where no answer is lost: what goes wrong on the way only decides which calls come.
struct StoreCall: Sendable {
    enum Operation: Sendable {
        case read
        case write(SessionRecord, replacing: Int?)
        case remove(version: Int?)
        case list(user: String)
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
}

extension StoreCall: CustomStringConvertible {
    var description: String {
        let time = self.end == .max ? "\(self.begin)" : "\(self.begin) to \(self.end)"
        let session = self.session.map { " session \($0)" } ?? ""
        return "\(time) ms: client \(self.client)\(self.verb)\(session)\(self.details) → \(self.result)"
    }

    private var verb: String {
        switch self.operation {
        case .read: " reads"
        case .write(_, nil): " creates"
        case .write: " replaces"
        case .remove: " removes"
        case .list: " lists"
        case .purge: " purges"
        }
    }

    private var details: String {
        let time = self.at.map { " at \($0) ms" } ?? ""
        switch self.operation {
        case .read: return time
        case .write(let record, let version):
            let old = version.map { ", version \($0)," } ?? ""
            return "\(old) by \(Self.text(record))\(time)"
        case .remove(let version): return ", \(version.map { "version \($0)" } ?? "any version")"
        case .list(let user): return " those of \(user)\(time)"
        case .purge(let limit): return " at most \(limit)\(time)"
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
        return "version \(record.version) of write \(record.writeNumber) (\(user), ends at \(end) ms)"
    }
}

extension SessionRecord {
    /// Which write of the run a record comes from: its first bytes say so. -1 where they say nothing.
    var writeNumber: Int { BigEndian.integer(self.contents.prefix(8)) ?? -1 }
}
