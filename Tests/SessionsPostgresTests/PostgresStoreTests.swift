// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

@Suite struct PostgresStoreTests {
    @Test func everyFieldComesBack() async throws {
        let store = try await newStore()
        func moment(_ milliseconds: Int) -> Date { Date(milliseconds: start.milliseconds + milliseconds) }
        let full = SessionRecord(
            id: try .number(1), secretHash: Array(0..<32), previousSecretHash: Array(32..<64), graceEnd: moment(30_001),
            version: 9, contents: Array(0...255), createdAt: moment(-100_999), renewedAt: moment(-50_500),
            authenticatedAt: moment(-70_250), lastUsedAt: moment(-7), idleTimeout: .milliseconds(3_600_001),
            absoluteEnd: moment(86_400_123), user: "arthur", deviceLabel: "Firefox")
        #expect(try await store.write(full, replacing: nil, at: start))
        #expect(try await store.read(full.id, at: start) == full)
        let sparse = try record(2)
        #expect(try await store.write(sparse, replacing: nil, at: start))
        #expect(try await store.read(sparse.id, at: start) == sparse)
    }

    @Test(arguments: [
        "", "\0", "a\0b", "caf\u{e9}", "cafe\u{301}", "\u{1F1EB}\u{1F1F7}", "'; DROP TABLE x; --", "\u{FFFD}\r\n",
    ])
    func textComesBackByteForByte(text: String) async throws {
        let store = try await newStore()
        var written = try record(contents: [], user: text)
        written.deviceLabel = text
        #expect(try await store.write(written, replacing: nil, at: start))
        let read = try #require(try await store.read(written.id, at: start))
        #expect(read.contents.isEmpty)
        #expect(try #require(read.user).utf8.elementsEqual(text.utf8))
        #expect(try #require(read.deviceLabel).utf8.elementsEqual(text.utf8))
        #expect(try await store.ids(ofUser: text, at: start) == [written.id])
    }

    @Test func usersAreComparedByTheirBytes() async throws {
        let store = try await newStore()
        for (number, user) in ["caf\u{e9}", "cafe\u{301}", "a", "A", "a\0", "a "].enumerated() {
            #expect(try await store.write(try record(number, user: user), replacing: nil, at: start))
            #expect(try await store.ids(ofUser: user, at: start) == [.number(number)])
        }
        #expect(try await store.write(try record(100), replacing: nil, at: start))
        #expect(try await store.ids(ofUser: "", at: start) == [])
    }

    @Test func aWriteReplacesTheVersionItNamesAndNoOther() async throws {
        let store = try await newStore()
        #expect(try await !store.write(try record(version: 2), replacing: 1, at: start))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(try await !store.write(try record(contents: [9]), replacing: nil, at: start))
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
        #expect(try await !store.write(try record(version: 2, contents: [9]), replacing: 1, at: start))
        #expect(try await store.read(.number(1), at: start) == record(version: 2))
    }

    @Test func theExpiredIsAbsentFromTheVeryMillisecond() async throws {
        let store = try await newStore()
        let record = try record(user: "arthur")
        let end = record.expiresAt
        #expect(try await store.write(record, replacing: nil, at: start))
        #expect(try await store.read(record.id, at: end - 0.001) == record)
        #expect(try await store.read(record.id, at: end) == nil)
        #expect(try await store.ids(ofUser: "arthur", at: end - 0.001) == [record.id])
        #expect(try await store.ids(ofUser: "arthur", at: end) == [])
        var next = record
        next.version = 2
        #expect(try await !store.write(next, replacing: 1, at: end))
        #expect(try await !store.write(record, replacing: nil, at: end - 0.001))
        next.lastUsedAt = end
        #expect(try await store.write(next, replacing: nil, at: end))
        #expect(try await store.read(record.id, at: end) == next)
    }

    @Test func removingSaysWhetherAnythingIsLeft() async throws {
        let store = try await newStore()
        #expect(try await store.remove(.number(1), ifVersion: 1))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(try await !store.remove(.number(1), ifVersion: 2))
        #expect(try await store.read(.number(1), at: start) != nil)
        #expect(try await store.remove(.number(1), ifVersion: 1))
        #expect(try await store.read(.number(1), at: start) == nil)
        #expect(try await !store.write(try record(version: 2), replacing: 1, at: start))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await store.remove(.number(1))
        #expect(try await store.read(.number(1), at: start) == nil)
    }

    @Test func aPurgeTakesTheExpiredAndNoMoreThanItMay() async throws {
        let store = try await newStore()
        for number in 0..<25 {
            var record = try record(number)
            if number < 15 { record.idleTimeout = .seconds(number + 1) }
            #expect(try await store.write(record, replacing: nil, at: start))
        }
        let now = start + 12
        #expect(try await store.removeExpired(at: now, limit: 0) == 0)
        #expect(try await store.removeExpired(at: now, limit: -1) == 0)
        #expect(try await store.removeExpired(at: now, limit: 10) == 10)
        #expect(try await store.removeExpired(at: now, limit: 10) == 2)
        #expect(try await store.removeExpired(at: now, limit: 10) == 0)
        for number in 12..<25 { #expect(try await store.read(.number(number), at: now) != nil) }
    }

    @Test func timesWithoutEndDoNotOverflow() async throws {
        let store = try await newStore()
        var endless = try record()
        endless.idleTimeout = .seconds(Int64.max)
        #expect(try await store.write(endless, replacing: nil, at: start))
        #expect(try await store.read(endless.id, at: start + 1e9) != nil)
        #expect(try await store.removeExpired(at: start + 1e9, limit: 10) == 0)
    }

    @Test func aTaskThatIsCancelledStillWritesAndReads() async throws {
        let store = try await newStore()
        let record = try record()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let isWritten = try await store.write(record, replacing: nil, at: start)
            return try await (isWritten, store.read(record.id, at: start))
        }
        let (isWritten, read) = try await task.value
        #expect(isWritten)
        #expect(read == record)
    }
}
