// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session's record in the store where the session does not live, as that store sees it.
///
/// It lets nobody in: the hash is no secret's, and the version is one that no session has. What the session is stands
/// encoded in the contents, so that nothing is lost with the store where it lives. A copy alone is not a session: it is
/// left of one that has ended.
struct RecordCopy: Sendable, Hashable {
    let record: SessionRecord
    /// The version that the copy has in its store. No other copy has it, so that a compare-and-set never takes one that
    /// was made after the session's end for the one that was there before.
    let version: Int
    /// The version of the copy in the other store in whose place the session goes on, if it lived in this store and was
    /// stopped here; nil for a mere copy.
    let destination: Int?

    /// Beyond any session's version: an engine that lost an answer and finds a later version there never says that the
    /// write did not happen.
    private static let firstVersion = 1 << 62
    private static let preamble = Array("dewar copy 1 ".utf8)
    /// No secret has this hash, as far as is known.
    private static let hash = [UInt8](repeating: 0, count: 32)

    init(of record: SessionRecord, destination: Int? = nil, using random: SessionRandom) {
        let bits = BigEndian.number(random.bytes(8))
        self.record = record
        self.version = Self.firstVersion | Int(bits >> 2)
        self.destination = destination
    }

    /// The copy as its store keeps it: it ends when the session does, and is listed under the same user.
    var stored: SessionRecord {
        var writer = SessionRecordWriter(capacity: self.record.contents.count + 512)
        writer.bytes += Self.preamble
        writer.append(self.version)
        writer.append(self.destination ?? 0)
        writer.bytes += SessionRecordCoder.encode(self.record)
        return SessionRecord(
            id: self.record.id, secretHash: Self.hash, version: self.version, contents: writer.bytes,
            createdAt: self.record.createdAt, lastUsedAt: self.record.lastUsedAt,
            idleTimeout: self.record.idleTimeout, absoluteEnd: self.record.absoluteEnd, user: self.record.user)
    }

    /// The copy in a stored record; nil for a session's own.
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

/// How often in a row another process may come in between at one version of a session. It has got further then,
/// and one version leaves few steps to do so; a store that refuses to replace what it gives must not hang the server.
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
