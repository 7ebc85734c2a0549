// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

@testable import Sessions

extension FuzzTarget {
    static let revocations = FuzzTarget("revocations", "a segment of the list of revocations") { input in
        let record = SessionRecord(
            id: FuzzSetting.id, secretHash: [UInt8](repeating: 0, count: 32), contents: input,
            createdAt: FuzzSetting.moment, idleTimeout: .seconds(60), user: RevocationSegment.user)
        guard let segment = try? RevocationSegment.read(record) else { return }
        let written = segment.entries.flatMap { RevocationEntryCoder.encode($0) }
        try require(written == Array(input.dropFirst(3)), "entries have two spellings")
        try require(segment.entries.allSatisfy { (0..<1 << 48).contains($0.until) }, "a time of more than six bytes")
    }
}
