// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import MetricsTestKit
import Sessions
import SessionsSupport
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsSignIn

/// Counts in bounded memory: an attacker with many names and many networks must get no more attempts by that.
@Suite struct BoundedCountTests: AttemptTests {
    private let clock = ManualClock()
    private let log = LogRecorder()

    private func limit(
        _ maximumCount: Int, _ change: (inout SignInLimit.Configuration) -> Void = { _ in }
    ) -> SignInLimit {
        var configuration = SignInLimit.Configuration()
        change(&configuration)
        return SignInLimit(
            AttemptTables(maximumCount: maximumCount, clock: self.clock.sessionClock),
            key: { SecretKey(bytes: .init(1...32)) }, configuration: configuration, clock: self.clock.sessionClock,
            logger: self.log.logger, metrics: TestMetrics())
    }

    private func network(_ index: Int) -> String { "2001:db8:0:\(String(index, radix: 16))::1" }

    @Test func manyNamesBringNoAttemptsAtOneBack() async throws {
        let limit = self.limit(100)
        for _ in 0..<100 {
            try await self.fail(1, limit)
            self.clock.advance(by: .seconds(3600))
        }
        _ = try await self.refusal(limit)
        for index in 0..<150 { try await self.fail(2, limit, as: "invented\(index)", from: self.network(index)) }
        #expect(try await self.refusal(limit).kind == .user)
    }

    @Test func manyNamesMakeNoNetworkStrange() async throws {
        let limit = self.limit(100)
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
        for index in 0..<150 { try await self.fail(2, limit, as: "invented\(index)", from: self.network(index)) }
        // From elsewhere an attacker locks the user out.
        while (try? await limit.attempt(as: "ada", from: "198.51.100.1") { false }) != nil {}
        #expect(try await self.refusal(limit, from: "203.0.113.1").kind == .user)
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
    }

    @Test func manyNetworksBringNoAttemptsOfOneBack() async throws {
        let limit = self.limit(10) { $0.networkAttempts = 3 }
        try await self.fail(3, limit, as: "grace", from: "192.0.2.1")
        for index in 0..<100 {
            _ = try? await limit.attempt(as: "invented\(index)", from: self.network(index / 2)) { false }
        }
        #expect(try await self.refusal(limit, as: "eve", from: "192.0.2.1").kind == .network)
    }

    @Test func aNameThatHasMadeRoomHasFailedNoLess() async throws {
        let limit = self.limit(10)
        try await self.fail(3, limit)
        for index in 0..<10 { try await self.fail(4, limit, as: "invented\(index)") }
        // The attacker's own account leaves an empty place behind.
        #expect(try await limit.attempt(as: "eve", from: nil) { true })
        // Three failures of its own, and a fourth that eve's attempt has brought.
        try await self.fail(1, limit)
        #expect(try await self.refusal(limit).seconds == 30)
    }

    /// A link in an e-mail proves who the user is, as a password does.
    @Test func aUserWhoHasProvedThemselvesIsNotTakenToHaveFailed() async throws {
        let limit = self.limit(10)
        for index in 0..<11 { try await self.fail(5, limit, as: "invented\(index)") }
        _ = try await self.refusal(limit, as: "ada", from: "192.0.2.1")
        try await limit.reset("ada", from: "192.0.2.1")
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
    }

    /// Where a store may evict, the limit keeps tables of its own, at least as large as without a store.
    @Test func aStoreThatMayEvictHoldsNoCounts() async throws {
        let store = MemoryStore(maximumCount: 5)
        let limit = SignInLimit(
            in: store, keys: SecretKeys(SecretKey(bytes: .init(1...32))), clock: self.clock.sessionClock,
            logger: self.log.logger)
        for index in 0..<20 { try await self.fail(5, limit, as: "invented\(index)", from: self.network(index)) }
        #expect(store.count == 0)
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
    }

    @Test func whereAllNamesAreTriedAVisitorIsRefusedAfterTheFirstMistakeOnly() async throws {
        let limit = self.limit(10)
        for index in 0..<11 { try await self.fail(5, limit, as: "invented\(index)") }
        self.clock.advance(by: .seconds(30))
        #expect(try await limit.attempt(as: "grace", from: nil) { true })
        // A user who has given the right password has not failed.
        try await self.fail(5, limit, as: "grace")
        #expect(try await self.refusal(limit, as: "grace").seconds == 30)
        try await self.fail(1, limit, as: "henry")
        #expect(try await self.refusal(limit, as: "henry").seconds == 60)
    }

    @Test func whatHasExpiredMakesRoomAndCountsForNoName() async throws {
        let counts = CountMemory(maximumCount: 10, clock: self.clock.sessionClock)
        func fail(_ name: UInt8) throws -> Int {
            let id = try #require(SessionID(bytes: [UInt8](repeating: name, count: 16)))
            try counts.change(id, keep: .seconds(100)) { AttemptCount(failures: $0.failures + 1, time: $1) }
            return counts.read(id).failures
        }
        for name in 0..<10 { #expect(try fail(UInt8(name)) == 1) }
        #expect(try fail(10) == 1)
        #expect(try fail(0) == 2)
        self.clock.advance(by: .seconds(100))
        #expect(counts.count == 10)
        #expect(try fail(20) == 1)
        #expect(counts.count == 1)
    }

    @Test(arguments: 1...20) func theQueueIsInOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (queue, model) = (CountQueue(), [TwoWords: CountQueue.Entry]())
        func key(_ entry: CountQueue.Entry) -> [Int] { [entry.count.failures, entry.count.time] }
        for step in 0..<2000 {
            let name = TwoWords([UInt8](repeating: UInt8.random(in: 0..<40, using: &random), count: 16))
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12:
                let count = AttemptCount(
                    failures: .random(in: 0..<5, using: &random), time: .random(in: 0..<50, using: &random))
                let entry = CountQueue.Entry(name: name, count: count, end: step + .random(in: 0..<200, using: &random))
                queue.put(entry)
                model[name] = entry
            case 12..<15:
                queue.remove(name)
                model[name] = nil
            case 15..<19:
                let first = queue.popFirst()
                let expected = model.values.map(key).min { $0.lexicographicallyPrecedes($1) }
                #expect(first.map(key) == expected)
                if let first { #expect(model.removeValue(forKey: first.name)?.end == first.end) }
            default:
                queue.removeExpired(at: step)
                model = model.filter { step < $0.value.end }
            }
            #expect(queue.count == model.count)
            #expect(queue[name]?.count == model[name]?.count && queue[name]?.end == model[name]?.end)
        }
    }

    @Test func aHundredAttemptsAtOnceGetNoMoreThanTheLimit() async throws {
        let limit = self.limit(10)
        let checked = await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { (try? await limit.attempt(as: "ada", from: "192.0.2.1") { false }) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(checked == 5)
    }
}
