// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Entries of one process in one record of a store. Nobody else writes it, and once it is closed nobody does.
///
/// A format byte that no session's contents have, a version, whether it is closed, and the entries.
struct RevocationSegment: Sendable {
    /// The user of all segments, by which every process finds them. It is not the user of a session: a session's
    /// contents are no segment, whoever's they are.
    static let user = SessionUser.reserved

    private static let preamble: [UInt8] = [3, 1]
    private static let maximumCount = 1000
    private static let maximumAge = Duration.seconds(60)

    let id: SessionID
    private let beganAt: Date
    private var version = 0
    private var count = 0
    private var lastUntil = 0
    private var entries: [UInt8] = []
    private(set) var isClosed = false

    init(id: SessionID, at now: Date) {
        self.id = id
        self.beganAt = now
    }

    /// How many entries it takes yet.
    var room: Int { max(Self.maximumCount - self.count, 0) }

    mutating func append(_ entries: some Collection<RevocationEntry>, at now: Date) {
        self.version += 1
        self.count += entries.count
        for entry in entries {
            self.entries += RevocationEntryCoder.encode(entry)
            self.lastUntil = max(self.lastUntil, entry.until)
        }
        self.isClosed = self.room == 0 || now >= self.beganAt.adding(Self.maximumAge)
    }

    /// The version that ``record(at:)`` replaces; nil for the first.
    var replacedVersion: Int? { self.version > 1 ? self.version - 1 : nil }

    /// No secret has a hash of nothing but zeros, as far as anybody knows: the record opens no session.
    func record(at now: Date) -> SessionRecord {
        SessionRecord(
            id: self.id, secretHash: [UInt8](repeating: 0, count: 32), version: self.version,
            contents: Self.preamble + [self.isClosed ? 1 : 0] + self.entries, createdAt: self.beganAt, lastUsedAt: now,
            idleTimeout: .milliseconds(max(self.lastUntil - now.milliseconds, 0) + 1000), user: Self.user)
    }

    /// What another process wrote; nil when the record is no segment.
    static func read(_ record: SessionRecord) throws(RevocationFault) -> (entries: [RevocationEntry], isClosed: Bool)? {
        let contents = record.contents
        guard contents.first == Self.preamble[0] else { return nil }
        guard contents.starts(with: Self.preamble), contents.count > Self.preamble.count,
            let entries = RevocationEntryCoder.decode(contents[(Self.preamble.count + 1)...])
        else { throw .unreadableSegment }
        return (entries, contents[Self.preamble.count] == 1)
    }
}
