// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import MetricsTestKit
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsSignIn

@Suite struct SignInLimitTests: AttemptTests {
    private let clock = ManualClock()
    private let log = LogRecorder()
    private let metrics = TestMetrics()
    private let outages = OutageStore(MemoryStore())
    private let store: CountingStore
    private let key = SecretKey(bytes: SessionRandom.system.bytes(32))

    init() {
        self.store = CountingStore(self.outages)
    }

    private func limit(_ change: (inout SignInLimit.Configuration) -> Void = { _ in }) -> SignInLimit {
        var configuration = SignInLimit.Configuration()
        change(&configuration)
        return SignInLimit(
            in: self.store, key: { [key] in key }, configuration: configuration, clock: self.clock.sessionClock,
            logger: self.log.logger, metrics: self.metrics)
    }

    // MARK: - By user

    @Test func afterFiveFailuresTheWaitsGrowToAnHour() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        for wait in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            let refusal = try await self.refusal(limit)
            #expect(refusal.kind == .user && refusal.seconds == wait)
            self.clock.advance(by: .milliseconds(wait * 1000 - 1))
            #expect(try await self.refusal(limit).seconds == 1)
            self.clock.advance(by: .milliseconds(1))
            try await self.fail(1, limit)
        }
    }

    @Test func afterAHundredFailuresNoMoreAreAllowedUntilTheyAreForgotten() async throws {
        let limit = self.limit()
        for _ in 0..<100 {
            try await self.fail(1, limit)
            self.clock.advance(by: .seconds(3600))
        }
        let left = 30 * 86_400 - 3600
        #expect(try await self.refusal(limit).seconds == left)
        self.clock.advance(by: .seconds(left - 1))
        #expect(try await self.refusal(limit).seconds == 1)
        self.clock.advance(by: .seconds(1))
        try await self.fail(1, limit)
    }

    @Test func aRefusedAttemptIsNotCounted() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        let writes = self.store.writeCount
        for _ in 0..<50 { _ = try await self.refusal(limit, from: "192.0.2.1") }
        #expect(self.store.writeCount == writes)
        self.clock.advance(by: .seconds(30))
        #expect(try await limit.attempt(as: "ada", from: nil) { true })
    }

    @Test func theRightPasswordBeginsTheCountAnew() async throws {
        let limit = self.limit()
        try await self.fail(4, limit)
        #expect(try await limit.attempt(as: "ada", from: nil) { true })
        try await self.fail(5, limit)
        _ = try await self.refusal(limit)
    }

    @Test func aCheckThatThrowsHasFailed() async throws {
        let limit = self.limit()
        for _ in 0..<5 {
            await #expect(throws: Mishap.self) { try await limit.attempt(as: "ada", from: nil) { throw Mishap() } }
        }
        _ = try await self.refusal(limit)
    }

    @Test(arguments: ["ADA", " ada\n", "Ａｄａ", "àda", "a\u{300}da"])
    func namesThatADatabaseMayTakeForOneShareACount(name: String) async throws {
        let limit = self.limit()
        try await self.fail(5, limit, as: name)
        _ = try await self.refusal(limit)
        try await self.fail(1, limit, as: "grace")
    }

    @Test func aLongNameIsReadInPart() async throws {
        let limit = self.limit()
        let name = String(repeating: "x", count: 1024)
        try await self.fail(5, limit, as: name + String(repeating: "y", count: 1 << 20))
        _ = try await self.refusal(limit, as: name)
    }

    @Test func aClockThatIsSetBackMakesNoWaitLonger() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        self.clock.now -= 86_400
        #expect(try await self.refusal(limit).seconds == 30)
    }

    @Test func afterAProofOfAnotherKindTheCountBeginsAnew() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        try await limit.reset("Ada", from: nil)
        try await self.fail(5, limit)
        _ = try await self.refusal(limit)
    }

    @Test func theCountOfANetworkThatTheUserKnowsBeginsAnewToo() async throws {
        let limit = self.limit()
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
        try await self.fail(5, limit, from: "192.0.2.1")
        _ = try await self.refusal(limit, from: "192.0.2.1")
        // From elsewhere the user proves it: that says nothing of this network.
        try await limit.reset("ada", from: "198.51.100.7")
        _ = try await self.refusal(limit, from: "192.0.2.1")
        try await limit.reset("ada", from: "192.0.2.1")
        try await self.fail(5, limit, from: "192.0.2.1")
        _ = try await self.refusal(limit, from: "192.0.2.1")
    }

    @Test(arguments: ["a\u{AD}da", "\u{200B}ada", "ad\u{2060}a", "ada\u{7F}", "a\u{200D}d\u{FE0F}a", "ad\u{3164}a"])
    func whatDoesNotShowInANameMakesNoOther(name: String) {
        #expect(CountNames.folded(name) == CountNames.folded("ada"))
    }

    // MARK: - By network

    /// An attempt comes back by itself after half a minute. A success that takes longer gives nothing back, or it would
    /// undo the failure of another user's attempt.
    @Test func aSuccessUndoesNoOtherFailureOfItsNetwork() async throws {
        for limit in [self.limit(Self.twoAMinute), self.boundedLimit(Self.twoAMinute)] {
            for number in 0..<5 {
                let isRight = try await limit.attempt(as: "eve", from: "192.0.2.1") {
                    self.clock.advance(by: .seconds(35))
                    try await self.fail(1, limit, as: "user\(number)", from: "192.0.2.1")
                    self.clock.advance(by: .seconds(5))
                    return true
                }
                #expect(isRight)
                try await self.fail(1, limit, as: "user\(number)", from: "192.0.2.1")
                #expect(try await self.refusal(limit, from: "192.0.2.1").kind == .network)
                self.clock.advance(by: .seconds(60))
            }
        }
    }

    @Test func aSuccessGivesBackWhatHasNotComeBackOfItsAttempt() async throws {
        let limit = self.limit(Self.twoAMinute)
        try await self.fail(1, limit, as: "user0", from: "192.0.2.1")
        for _ in 0..<20 {
            #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
        }
        try await self.fail(1, limit, as: "user1", from: "192.0.2.1")
        #expect(try await self.refusal(limit, from: "192.0.2.1").seconds == 30)
    }

    private static func twoAMinute(_ configuration: inout SignInLimit.Configuration) {
        configuration.networkAttempts = 2
        configuration.networkWindow = .seconds(60)
    }

    /// A limit whose counts are in the memory of the process.
    private func boundedLimit(_ change: (inout SignInLimit.Configuration) -> Void) -> SignInLimit {
        var configuration = SignInLimit.Configuration()
        change(&configuration)
        return SignInLimit(
            AttemptTables(maximumCount: 100, clock: self.clock.sessionClock), key: { [key] in key },
            configuration: configuration, clock: self.clock.sessionClock, logger: self.log.logger,
            metrics: self.metrics)
    }

    @Test func aNetworkHasAHundredAttemptsAnHourAtWhateverUsers() async throws {
        let limit = self.limit()
        for index in 0..<100 { try await self.fail(1, limit, as: "user\(index)", from: "2001:db8::\(index)") }
        let refusal = try await self.refusal(limit, as: "ada", from: "2001:db8::ffff")
        #expect(refusal.kind == .network && refusal.seconds == 36)
        try await self.fail(1, limit, from: "2001:db8:0:1::1")
        self.clock.advance(by: .seconds(36))
        try await self.fail(1, limit, as: "grace", from: "2001:db8::1")
        _ = try await self.refusal(limit, as: "ada", from: "2001:db8::1")
    }

    @Test func anAttemptThatSucceedsCostsTheNetworkNothing() async throws {
        let limit = self.limit { $0.networkAttempts = 3 }
        for index in 0..<20 { #expect(try await limit.attempt(as: "user\(index)", from: "192.0.2.1") { true }) }
        for index in 0..<3 { try await self.fail(1, limit, as: "other\(index)", from: "192.0.2.1") }
        // The attacker's own account gives no attempts at others back.
        #expect(try await self.refusal(limit, as: "user0", from: "192.0.2.1").kind == .network)
    }

    @Test func aNetworkFromWhichTheUserSignedInIsNotLockedOut() async throws {
        let limit = self.limit()
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
        try await self.fail(5, limit, from: "198.51.100.1")
        _ = try await self.refusal(limit, from: "198.51.100.2")
        #expect(try await limit.attempt(as: "ada", from: "::ffff:192.0.2.1") { true })
        // The attacker's count has not begun anew, and neither is this network without a limit.
        _ = try await self.refusal(limit, from: "198.51.100.2")
        try await self.fail(5, limit, from: "192.0.2.1")
        _ = try await self.refusal(limit, from: "192.0.2.1")
    }

    @Test func thatCanBeSwitchedOff() async throws {
        let limit = self.limit { $0.remembersNetworks = false }
        #expect(try await limit.attempt(as: "ada", from: "192.0.2.1") { true })
        try await self.fail(5, limit, from: "198.51.100.1")
        _ = try await self.refusal(limit, from: "192.0.2.1")
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("2001:db8::1", "2001:DB8:0:0:ffff::2", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("fe80::1%eth0", "fe80::2", true), ("unknown", "_hidden", false), ("", "192.0.2.1", false),
    ])
    func whatIsOneNetwork(one: String, other: String, isSame: Bool) {
        #expect((NetworkPrefix(one) == NetworkPrefix(other)) == isSame)
    }

    // MARK: - The store

    @Test func noUserAndNoAddressIsInTheStoreOrTheLog() async throws {
        let memory = MemoryStore()
        let limit = SignInLimit(
            in: memory, keys: SecretKeys(self.key), clock: self.clock.sessionClock, logger: self.log.logger)
        for _ in 0..<6 { _ = try? await limit.attempt(as: "ada", from: "192.0.2.1") { false } }
        _ = try await limit.attempt(as: "grace", from: "192.0.2.1") { true }
        let page = try memory.scan(after: nil, limit: 1000, at: self.clock.now)
        #expect(page.sessions.count == 3)
        for summary in page.sessions {
            let record = try #require(memory.read(summary.id, at: self.clock.now))
            #expect(record.user == nil && !summary.isSession)
            #expect(record.contents.count == 18)
            #expect(record.secretHash == [UInt8](repeating: 0, count: 32))
        }
        #expect(self.log.text.contains("a sign-in attempt was refused"))
        for name in ["ada", "grace", "192.0.2.1"] { #expect(!self.log.text.contains(name)) }
        // Under another key the ids are others.
        #expect(CountNames(key: "other").user("ada") != CountNames(key: self.key).user("ada"))
    }

    @Test func withoutTheStoreNoPasswordIsChecked() async throws {
        let limit = self.limit()
        for mode in [OutageStore.Mode.unreachable, .readOnly, .refusing] {
            self.outages.mode = mode
            let error = await #expect(throws: SessionError.self) {
                _ = try await limit.attempt(as: "ada", from: nil) {
                    Issue.record("the password was checked")
                    return true
                }
            }
            #expect(error?.kind == .storeUnavailable)
        }
        self.outages.mode = .cancelled
        await #expect(throws: CancellationError.self) { try await limit.attempt(as: "ada", from: nil) { true } }
        self.outages.mode = .working
        #expect(try await limit.attempt(as: "ada", from: nil) { true })
    }

    @Test func aUserWhoIsInStaysInThoughTheCountCannotBeWritten() async throws {
        let limit = self.limit()
        let outages = self.outages
        let isIn = try await limit.attempt(as: "ada", from: "192.0.2.1") {
            outages.mode = .unreachable
            return true
        }
        #expect(isIn && self.log.text.contains("the count of sign-in attempts did not begin anew"))
    }

    @Test func aCountThatIsDamagedBeginsAnew() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        let id = CountNames(key: self.key).user("ada")
        var record = try #require(try await self.store.read(id, at: self.clock.now))
        record.contents = [9, 9]
        record.version += 1
        #expect(try await self.store.write(record, replacing: record.version - 1, at: self.clock.now))
        try await self.fail(5, limit)
        _ = try await self.refusal(limit)
    }

    @Test func whatHasExpiredIsRemovedFromAStoreOfItsOwn() async throws {
        let memory = MemoryStore()
        let limit = SignInLimit(
            in: memory, keys: SecretKeys(self.key), clock: self.clock.sessionClock, logger: self.log.logger)
        for index in 0..<20 { try await self.fail(1, limit, as: "user\(index)") }
        #expect(memory.count == 20)
        self.clock.advance(by: .seconds(31 * 86_400))
        try await self.fail(1, limit)
        try await eventually("what has expired is removed") { memory.count == 1 }
    }

    @Test func sessionsWithoutAStoreHaveTheirCountsInBoundedMemory() async throws {
        let sessions = try SessionManager(keys: SecretKeys(self.key), clock: self.clock.sessionClock)
        for limit in [SignInLimit(sessions), SignInLimit(sessions)] {
            try await self.fail(5, limit)
            #expect(try await self.refusal(limit).seconds == 30)
        }
        #expect(AttemptTables.usualMaximum == 100_000)
    }

    @Test func everyOutcomeIsCounted() async throws {
        let limit = self.limit { $0.networkAttempts = 6 }
        #expect(try await limit.attempt(as: "grace", from: "192.0.2.1") { true })
        try await self.fail(5, limit, from: "192.0.2.1")
        _ = try await self.refusal(limit, from: "192.0.2.1")
        try await self.fail(1, limit, as: "eve", from: "192.0.2.1")
        _ = try await self.refusal(limit, as: "eve", from: "192.0.2.1")
        self.outages.mode = .unreachable
        _ = try? await limit.attempt(as: "ada", from: nil) { true }
        let counts = ["succeeded": 1, "failed": 6, "refused_user": 1, "refused_network": 1, "store_failed": 1]
        for (outcome, count) in counts {
            #expect(try self.metrics.expectCounter(SignInMeter.label, [("outcome", outcome)]).totalValue == count)
        }
    }

    /// Another program has written to the store. The attempts end in waits, and not in the end of the process.
    @Test func aCountThatNoServerReachesIsALongWait() async throws {
        let limit = self.limit()
        try await self.fail(5, limit)
        let id = CountNames(key: self.key).user("ada")
        var record = try #require(try await self.store.read(id, at: self.clock.now))
        record.contents = [4, 1] + [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 8)
        record.version += 1
        #expect(try await self.store.write(record, replacing: record.version - 1, at: self.clock.now))
        _ = try await limit.attempt(as: "ada", from: nil) { false }
        #expect(try await self.refusal(limit).seconds == 30 * 86_400)
    }

    /// However long the first wait is, a further failure makes none shorter.
    @Test(arguments: [1, 30, 5 * 3600, 86_400, 3600 * 86_400])
    func noFurtherFailureMakesAWaitShorter(first: Int) throws {
        var configuration = SignInLimit.Configuration()
        configuration.firstWait = .seconds(first)
        configuration.longestWait = .seconds(3650 * 86_400)
        let waits = (5..<99).map { failures in
            let reached = #expect(throws: SignInLimitReached.self) {
                try configuration.counted(AttemptCount(failures: failures, time: 0), at: 0)
            }
            return reached?.seconds ?? 0
        }
        #expect(waits.first == first && waits == waits.sorted() && waits.last == 3650 * 86_400)
    }

    @Test func settingsThatMakeNoSenseAreTheNextThatDo() async throws {
        let limit = self.limit {
            $0.freeAttempts = -1
            $0.firstWait = .zero
            $0.longestWait = .seconds(-5)
            $0.maximumAttempts = 0
            $0.memory = .seconds(1 << 60)
            $0.networkAttempts = 0
            $0.networkWindow = .zero
        }
        try await self.fail(1, limit, from: "192.0.2.1")
        #expect(try await self.refusal(limit, from: "192.0.2.1").seconds == 3650 * 86_400)
        #expect(try await self.refusal(limit, as: "grace", from: "192.0.2.1").seconds == 1)
    }

    @Test(arguments: [
        (1, "1 seconds"), (90, "90 seconds"), (91, "2 minutes"), (5400, "90 minutes"), (5401, "2 hours"),
        (86_400, "24 hours"),
    ])
    func theWaitIsReadable(seconds: Int, text: String) {
        #expect(SignInLimitReached(.user, wait: .seconds(seconds)).description.hasSuffix("try again in \(text)."))
    }
}

private struct Mishap: Error {}
