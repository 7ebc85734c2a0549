// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A count as a store keeps it: a format byte that no session's contents have, a version, the failures, and a time.
struct AttemptCount: Sendable, Hashable {
    /// How many attempts have failed in a row.
    var failures = 0
    /// In milliseconds since 1970: of the last attempt, or when a network has all of its attempts back.
    var time = 0

    /// More than any count and any time of a server. Another program may have written to the store, and a number near the
    /// greatest would end the process at the next attempt.
    private static let most = 1 << 50

    private static let preamble: [UInt8] = [4, 1]

    var bytes: [UInt8] {
        var bytes = Self.preamble
        for number in [self.failures, self.time] { bytes.append(bigEndian: UInt64(clamping: number), width: 8) }
        return bytes
    }

    /// What was written; nothing has failed where the bytes are anything else.
    init(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.preamble), bytes.count == Self.preamble.count + 16 else { return }
        let numbers = bytes.dropFirst(Self.preamble.count)
        self.failures = min(Int(clamping: BigEndian.number(numbers.prefix(8))), Self.most)
        self.time = min(Int(clamping: BigEndian.number(numbers.suffix(8))), Self.most)
    }

    init(failures: Int = 0, time: Int = 0) {
        self.failures = failures
        self.time = time
    }

    /// No secret has a hash of nothing but zeros, as far as is known: the record opens no session.
    func record(_ id: SessionID, replacing old: SessionRecord?, keep: Duration, at now: Date) -> SessionRecord {
        SessionRecord(
            id: id, secretHash: [UInt8](repeating: 0, count: 32), version: (old?.version ?? 0) + 1,
            contents: self.bytes, createdAt: old?.createdAt ?? now, lastUsedAt: now, idleTimeout: keep,
            deviceLabel: SessionSummary.labelOfCounts)
    }
}
