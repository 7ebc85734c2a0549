// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Entries of one process in one record of a store. No other process writes it, and once it is closed none does.
///
/// A format byte that no session's contents have, a version, whether it is closed, and the entries.
struct RevocationSegment: Sendable {
    /// The user of all segments, by which every process finds them. It is not the user of a session: a session's
    /// contents are no segment, whatever its user.
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

    /// No secret has a hash of nothing but zeros, as far as is known: the record opens no session.
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

/// Entries as the bytes of a segment: a byte for the kind, keys of sixteen bytes, times of six, big-endian.
enum RevocationEntryCoder {
    static func encode(_ entry: RevocationEntry) -> [UInt8] {
        let body: [UInt8] =
            switch entry.fact {
            case .ended(let id): [1] + id.bytes
            case .renewed(let id, let successor, let at): [2] + id.bytes + successor.bytes + Self.bytes(at)
            case .moved(let id, let successor, let at): [3] + id.bytes + successor.bytes + Self.bytes(at)
            case .userEnded(let user, let cutoff): [4] + user.bytes + Self.bytes(cutoff)
            }
        return body + Self.bytes(entry.until)
    }

    /// All entries; nil when the bytes are anything else.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [RevocationEntry]? {
        var reader = SessionRecordReader(bytes: bytes)
        var entries: [RevocationEntry] = []
        do {
            while let kind = reader.bytes.first {
                _ = try reader.take(1)
                let fact = try Self.fact(kind, &reader)
                entries.append(RevocationEntry(fact: fact, until: try Self.time(&reader)))
            }
        } catch {
            return nil
        }
        return entries
    }

    private static func fact(_ kind: UInt8, _ reader: inout SessionRecordReader) throws -> RevocationEntry.Fact {
        // Swift evaluates arguments from left to right: this is the order of the fields.
        switch kind {
        case 1: .ended(try Self.key(&reader))
        case 2: .renewed(try Self.key(&reader), successor: try Self.key(&reader), at: try Self.time(&reader))
        case 3: .moved(try Self.key(&reader), successor: try Self.key(&reader), at: try Self.time(&reader))
        case 4: .userEnded(try Self.key(&reader), cutoff: try Self.time(&reader))
        default: throw SessionRecordReader.Malformed()
        }
    }

    private static func key(_ reader: inout SessionRecordReader) throws -> RevocationKey {
        guard let key = RevocationKey(bytes: try reader.take(RevocationKey.length)) else {
            throw SessionRecordReader.Malformed()
        }
        return key
    }

    private static func time(_ reader: inout SessionRecordReader) throws -> Int {
        Int(truncatingIfNeeded: BigEndian.number(try reader.take(Self.timeLength)))
    }

    /// Six bytes last past the year 9999.
    private static func bytes(_ time: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(min(max(time, 0), 1 << 48 - 1)), width: Self.timeLength)
        return bytes
    }

    private static let timeLength = 6
}
