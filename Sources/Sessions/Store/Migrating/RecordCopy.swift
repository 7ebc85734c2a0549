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
/// encoded in the contents, so that nothing is lost with the store where it lives. A copy alone is not a session: it is left
/// of one that has ended.
struct RecordCopy: Sendable, Hashable {
    let record: SessionRecord
    /// Whether the session lived in this store, and was stopped here on its way to the other one.
    let hasLeft: Bool

    /// Beyond any session's version, and still a whole number to engines that count in doubles. A copy has a later version
    /// than the record, so that an engine that lost an answer never takes the one for a write that did not happen.
    private static let offset = 1 << 48
    private static let preamble = Array("dewar copy 1 ".utf8)
    /// No secret has this hash, as far as anybody can find one.
    private static let hash = [UInt8](repeating: 0, count: 32)

    init(of record: SessionRecord, hasLeft: Bool = false) {
        self.record = record
        self.hasLeft = hasLeft
    }

    /// The version that the copy has in its store.
    var version: Int { self.record.version &+ Self.offset }

    /// The copy as its store keeps it: it ends when the session does, and is listed under the same user.
    var stored: SessionRecord {
        SessionRecord(
            id: self.record.id, secretHash: Self.hash, version: self.version,
            contents: Self.preamble + [self.hasLeft ? 1 : 0] + SessionRecordCoder.encode(self.record),
            createdAt: self.record.createdAt, lastUsedAt: self.record.lastUsedAt,
            idleTimeout: self.record.idleTimeout, absoluteEnd: self.record.absoluteEnd, user: self.record.user)
    }

    /// The copy in a stored record; nil for a session's own.
    init?(stored: SessionRecord) {
        let contents = stored.contents
        guard stored.secretHash == Self.hash, contents.starts(with: Self.preamble),
            let kind = contents.dropFirst(Self.preamble.count).first, kind <= 1,
            let record = SessionRecordCoder.decode(Array(contents.dropFirst(Self.preamble.count + 1))),
            record.id == stored.id
        else { return nil }
        self.record = record
        self.hasLeft = kind == 1
        guard self.version == stored.version else { return nil }
    }
}
