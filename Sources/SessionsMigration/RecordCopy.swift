// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The copy of a session's record, in the store where the session does not live.
///
/// It opens no session: its hash is that of no secret, and no session has its version. Its contents hold the encoded
/// record, so that nothing is lost with the store where the session lives. A copy alone is not a session: it is the
/// rest of one that has ended.
struct RecordCopy: Sendable, Hashable {
    let record: SessionRecord
    /// The copy's version in its store. No other copy has it, so that a compare-and-set cannot confuse a copy from
    /// after the session's end with one from before.
    let version: Int
    /// If the session lived in this store and was stopped here: the version of the copy in the other store that it
    /// replaces. Nil for any other copy.
    let destination: Int?

    /// Beyond any session's version: an engine that lost an answer and then finds a later version never claims that its
    /// write did not happen.
    private static let firstVersion = SessionSummary.firstVersionOfCopies
    private static let preamble = Array("dewar copy 1 ".utf8)
    /// No known secret has this hash.
    private static let hash = [UInt8](repeating: 0, count: 32)

    init(of record: SessionRecord, destination: Int? = nil, using random: SessionRandom) {
        let bits = BigEndian.number(random.bytes(8))
        self.record = record
        self.version = Self.firstVersion | Int(bits >> 2)
        self.destination = destination
    }

    /// The copy as a record of its store: it expires when the session does, and is listed under the same user.
    var stored: SessionRecord {
        var writer = SessionRecordWriter(capacity: self.record.contents.count + 512)
        writer.bytes += Self.preamble
        writer.append(self.version)
        writer.append(self.destination ?? 0)
        writer.bytes += SessionRecordCoder.encode(self.record)
        return SessionRecord(
            id: self.record.id, secretHash: Self.hash, version: self.version, contents: writer.bytes,
            createdAt: self.record.createdAt, lastUsedAt: self.record.lastUsedAt,
            idleTimeout: self.record.idleTimeout, absoluteEnd: self.record.absoluteEnd, user: self.record.user,
            deviceLabel: self.record.deviceLabel)
    }

    /// The copy that a stored record holds; nil when the record is a session itself.
    init?(stored: SessionRecord) {
        guard stored.secretHash == Self.hash, stored.contents.starts(with: Self.preamble) else { return nil }
        var reader = SessionRecordReader(bytes: stored.contents.dropFirst(Self.preamble.count))
        guard let version = try? reader.number(), version == stored.version, let destination = try? reader.number(),
            let record = SessionRecordCoder.decode(Array(reader.bytes)), record.id == stored.id
        else { return nil }
        self.record = record
        self.version = version
        self.destination = destination == 0 ? nil : destination
    }
}

/// Retry limit for lost compare-and-sets at one version. A conflict means that another process has made progress, and
/// one version leaves few steps for that. So 100 conflicts without progress mean a broken store, which must not hang
/// the server.
struct Patience {
    private static let limit = 100

    private var version: Int?
    private var count = 0

    mutating func use(on version: Int?) throws {
        self.count = version == self.version ? self.count + 1 : 0
        self.version = version
        guard self.count < Self.limit else { throw StoreFault.refusal }
    }
}
