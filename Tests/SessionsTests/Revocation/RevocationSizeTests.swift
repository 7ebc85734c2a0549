// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if os(Linux)
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import Sessions
@testable import SessionsSupport

/// What an entry of a list costs in memory, by how much the process grows.
@Suite struct RevocationSizeTests {
    /// The number in the documentation of ``SessionRevocations/memory``.
    private static let stated = 200

    /// In a process of its own, for other tests take memory at the same time.
    @Test func anEntryTakesNoMoreThanTwiceTheStatedBytes() async {
        await #expect(processExitsWith: .success) {
            let count = 200_000
            let list = RevocationList()
            let now = ClockReading(now: Date(timeIntervalSince1970: 1_700_000_000), elapsed: .zero)
            let before = try RevocationSizeTests.residentBytes()
            for _ in 0..<count { _ = list.end(SessionID(using: .system), at: now, keeping: .seconds(3600)) }
            let each = (try RevocationSizeTests.residentBytes() - before) / count
            #expect(list.count == count)
            #expect(each < 2 * RevocationSizeTests.stated, "an entry takes \(each) bytes")
            let later = ClockReading(now: now.now.adding(.seconds(3601)), elapsed: .seconds(3601))
            _ = list.end(SessionID(using: .system), at: later, keeping: .seconds(3600))
            #expect(list.count == 1)
        }
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * 4096
    }
}
#endif
