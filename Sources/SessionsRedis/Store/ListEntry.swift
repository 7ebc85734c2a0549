// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session in a user's list. Its score is the time when it expires; or, negative, the time when a process found the
/// entry wrong.
struct ListEntry: Sendable {
    /// An entry and what its record says.
    struct Checked: Sendable {
        let entry: ListEntry
        let head: RecordValue.Head?
        private(set) var isLive = false
        /// Whether the record is there and the user's, live or not.
        private(set) var isRight = false

        init(entry: ListEntry, head: RecordValue.Head?) {
            self.entry = entry
            self.head = head
        }
    }

    let id: SessionID
    let score: Int
    /// The score as the server wrote it.
    let scoreText: [UInt8]

    /// Nil for an entry that this library did not write.
    init?(_ member: RedisReply, score: RedisReply) {
        guard let bytes = member.bytes, let id = SessionID(bytes: bytes), let scoreText = score.bytes,
            let number = Double(String(decoding: scoreText, as: UTF8.self)), let score = Int(exactly: number)
        else { return nil }
        self.id = id
        self.score = score
        self.scoreText = scoreText
    }

    /// Whether a list has it after another entry: the order is by the scores, and then by the bytes of the ids.
    func isBehind(_ other: ListEntry) -> Bool {
        guard self.score == other.score else { return self.score > other.score }
        return other.id.bytes.lexicographicallyPrecedes(self.id.bytes)
    }
}

extension ListEntry.Checked {
    mutating func check(user mark: [UInt8], at now: Date) {
        self.isRight = self.head?.userMark == mark
        self.isLive = self.isRight && self.head.map { $0.expiresAt > now.milliseconds } ?? false
    }

    /// The arguments that correct the entry; none when it is right.
    func change(at now: Date) -> [[UInt8]] {
        let (score, now) = (self.entry.score, now.milliseconds)
        if self.isLive {
            return score > 0 ? [] : self.change(to: "\(max(self.head?.expiresAt ?? now, 1))")
        }
        // It has expired by this process's clock, which may be ahead. Redis removes the record in time.
        guard !self.isRight else { return [] }
        guard score < 0 else { return self.change(to: "-\(max(now, 1))") }
        return now + score > RecordWrite.slack.milliseconds ? self.change(to: "") : []
    }

    private func change(to score: String) -> [[UInt8]] {
        [self.entry.id.bytes, self.entry.scoreText, Array(score.utf8)]
    }
}
