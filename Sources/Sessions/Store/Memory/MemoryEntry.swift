// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record in memory, and where it stands in its shard's expiry queue.
final class MemoryEntry {
    var record: SessionRecord
    /// The record's ``SessionRecord/expiresAt``, worked out once.
    var end: Date
    /// The place in the ``ExpiryQueue``.
    var place = 0

    init(_ record: SessionRecord) {
        self.record = record.fitted
        self.end = record.expiresAt
    }

    func replace(_ record: SessionRecord) {
        self.record = record.fitted
        self.end = record.expiresAt
    }
}

extension SessionRecord {
    /// The record with its contents in an array of their size: one that has grown keeps up to twice that.
    fileprivate var fitted: SessionRecord {
        guard self.contents.capacity > self.contents.count + 32 else { return self }
        var record = self
        record.contents = []
        record.contents.reserveCapacity(self.contents.count)
        record.contents.append(contentsOf: self.contents)
        return record
    }
}
