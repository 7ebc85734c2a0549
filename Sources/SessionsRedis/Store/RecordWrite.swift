// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A write of a record: the commands that do it, and what their answers mean.
struct RecordWrite: Sendable {
    /// How long a record stays after its session expires, because the clocks of several machines never agree.
    static let slack: Duration = .seconds(60)

    /// 3000 years: Redis adds this to the current time, and the sum must not overflow.
    private static let longestStay = 100_000_000_000_000

    private let sessionKey: [UInt8]
    private let listKey: [UInt8]?
    private let isNew: Bool
    private let value: [UInt8]
    private let expected: [UInt8]
    private let now: Int
    private let stay: [UInt8]
    private let entry: [[UInt8]]

    init(_ record: SessionRecord, value: [UInt8], replacing version: Int?, at now: Date, keys: SessionKeys) {
        let (end, slack) = (record.expiresAt.milliseconds, Self.slack.milliseconds)
        self.sessionKey = keys.session(record.id)
        self.listKey = record.user.map { keys.list(ofUser: SessionKeys.mark(ofUser: $0)) }
        self.isNew = version == nil
        self.value = value
        self.expected = version.map(BigEndian.bytes) ?? []
        self.now = now.milliseconds
        self.stay = Self.text(min(max(end - self.now, 0) + slack, Self.longestStay))
        self.entry = [record.id.bytes, Self.text(max(end, 1)), Self.text(self.now - slack)]
    }

    /// Compare-and-set, together with the user's list where one server has both.
    func command(withList: Bool) -> RedisCommand {
        self.command(withList: withList, check: false, isRepeatable: false)
    }

    /// The command that finds out, after a lost answer, whether the write happened.
    ///
    /// A replacement is sent again: the script recognises its own write. A new record is only looked for, because a
    /// second write might restore a record that another process has removed in the meantime.
    func secondCommand(withList: Bool) -> RedisCommand {
        self.command(withList: withList, check: self.isNew, isRepeatable: true)
    }

    /// - Throws: The error when it stays unknown whether the write happened.
    func outcome(ofSecond reply: RedisReply, after error: RedisStoreError) throws(RedisStoreError) -> Bool {
        switch reply.integer {
        case 1: return true
        // Another process wrote this version, so this write did not happen. Or the server lost newer versions and has
        // gone back to an older one.
        case 0: return false
        // The record is gone, whether or not this write happened.
        case -1 where !self.isNew: return false
        default: throw error
        }
    }

    /// The entry in the user's list, for a list on another server; nil for a record without a user.
    var listEntry: RedisCommand? {
        self.listKey.map {
            RedisCommand(SessionScripts.list, keys: [$0], [self.stay] + self.entry, isRepeatable: true)
        }
    }

    private func command(withList: Bool, check: Bool, isRepeatable: Bool) -> RedisCommand {
        let list = withList ? self.listKey : nil
        let arguments = [self.value, self.expected, Self.text(self.now), self.stay, Self.text(check ? 1 : 0)]
        return RedisCommand(
            SessionScripts.write, keys: [self.sessionKey] + [list].compactMap(\.self),
            arguments + (list == nil ? [] : self.entry), isRepeatable: isRepeatable)
    }

    private static func text(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }
}
