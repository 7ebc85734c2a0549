// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if os(Linux)
import Sessions
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a session costs in memory, by how much the process grows.
@Suite struct MemoryStoreSizeTests {
    /// The number in the documentation of ``MemoryStore``.
    private static let stated = 290

    @Test func aSessionTakesNoMoreThanTwiceTheStatedBytes() throws {
        let (count, contents) = (200_000, 128)
        let store = MemoryStore()
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let before = try Self.residentBytes()
        for _ in 0..<count {
            let record = SessionRecord(
                id: SessionID(using: .system), secretHash: SessionRandom.system.bytes(32),
                contents: SessionRandom.system.bytes(contents), createdAt: start, idleTimeout: .seconds(3600),
                absoluteEnd: start.adding(.seconds(86_400)))
            _ = store.write(record, replacing: nil, at: start)
        }
        // Other tests run at the same time; what they take is little beside so many sessions.
        let each = (try Self.residentBytes() - before) / count - contents
        #expect(store.count == count)
        #expect(each < 2 * Self.stated, "a session takes \(each) bytes and its contents")
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * 4096
    }
}
#endif
