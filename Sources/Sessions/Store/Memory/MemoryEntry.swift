// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which sessions a full store evicts first: those of the lowest rank.
enum MemoryRank: Int, CaseIterable {
    /// No user is signed in, and the cookie never came back: most such clients keep no cookies.
    case unused
    /// No user is signed in, but the cookie has come back.
    case used
    /// A user is signed in.
    case signedIn
}

/// A record in memory, and where it stands in its shard's expiry queues.
final class MemoryEntry {
    private(set) var record: SessionRecord
    /// The record's ``SessionRecord/expiresAt``, computed once.
    private(set) var end: Date
    /// The place in the ``ExpiryQueue`` of its rank.
    var place = 0
    /// Whether the session's cookie has come back.
    private var isUsed = false

    var rank: MemoryRank { self.record.user != nil ? .signedIn : self.isUsed ? .used : .unused }

    init(_ record: SessionRecord) {
        self.record = record.fitted
        self.end = record.expiresAt
    }

    func replace(_ record: SessionRecord) {
        self.record = record.fitted
        self.end = record.expiresAt
        self.isUsed = true
    }

    func use() {
        self.isUsed = true
    }
}

extension SessionRecord {
    /// The record with its contents in an array of exactly their size: an array that has grown takes up to twice as
    /// much.
    fileprivate var fitted: SessionRecord {
        guard self.contents.capacity > self.contents.count + 32 else { return self }
        var record = self
        record.contents = []
        record.contents.reserveCapacity(self.contents.count)
        record.contents.append(contentsOf: self.contents)
        return record
    }
}
