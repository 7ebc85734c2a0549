// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSupport
import SessionsTesting
import Testing

@testable import SessionsSimulationKit

/// The oracles, on calls that were made up.
@Suite struct CallChecksTests {
    private let id = SessionID(using: .system)

    private func record(_ version: Int, write: UInt64, user: String? = "a", end: Int = 60_000) -> SessionRecord {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: write)
        let begin = Date(milliseconds: SimulatedMachine.epoch)
        return SessionRecord(
            id: self.id, secretHash: [], version: version, contents: bytes, createdAt: begin,
            idleTimeout: .milliseconds(end), user: user)
    }

    private func call(
        _ operation: StoreCall.Operation, _ answer: StoreCall.Answer, _ ticks: ClosedRange<Int>, at time: Int? = 0
    ) -> StoreCall {
        let isAboutAll =
            switch operation {
            case .list, .purge: true
            default: false
            }
        return StoreCall(
            number: ticks.lowerBound, client: 0, session: isAboutAll ? nil : 0, operation: operation, at: time,
            began: ticks.lowerBound, ended: ticks.upperBound, begin: time ?? 0, end: time ?? 0, answer: answer)
    }

    private func promises(_ calls: [StoreCall], _ expiry: SessionStoreExpiry = .byArgument) -> [StorePromise] {
        CallChecks.findings(calls, ids: [self.id], users: ["a", "b"], expiry: expiry).map(\.promise)
    }

    @Test func aWriteWithoutAnAnswerMayHaveHappenedOrNot() {
        let first = self.record(1, write: 1)
        let lost = self.call(.write(first, replacing: nil), .unknown("lost"), 1...Int.max)
        #expect(self.promises([lost, self.call(.read, .record(first), 2...3)]).isEmpty)
        #expect(self.promises([lost, self.call(.read, .record(nil), 2...3)]).isEmpty)
        // It happens once.
        let gone = [
            self.call(.read, .record(first), 2...3), self.call(.remove(version: nil), .done(true), 4...5, at: nil),
            self.call(.read, .record(first), 6...7),
        ]
        #expect(self.promises([lost] + gone) == [.isOrdered])
    }

    @Test func theMillisecondOfTheEndCounts() {
        let first = self.record(1, write: 1, end: 1000)
        let write = self.call(.write(first, replacing: nil), .done(true), 1...2)
        #expect(self.promises([write, self.call(.read, .record(first), 3...4, at: 999)]).isEmpty)
        #expect(self.promises([write, self.call(.read, .record(nil), 3...4, at: 999)]) == [.isOrdered])
        #expect(self.promises([write, self.call(.read, .record(nil), 3...4, at: 1000)]).isEmpty)
        #expect(self.promises([write, self.call(.read, .record(first), 3...4, at: 1000)]) == [.isOrdered])
    }

    @Test func aLateCallMayFindWhatALaterOneHasPurged() {
        let first = self.record(1, write: 1, end: 1000)
        let calls = [
            self.call(.write(first, replacing: nil), .done(true), 1...2),
            self.call(.purge(limit: 3), .count(1), 3...4, at: 1000), self.call(.read, .record(nil), 5...6, at: 999),
        ]
        #expect(self.promises(calls).isEmpty)
    }

    @Test func anEnginesClockDecidesWithinTheCall() {
        let first = self.record(1, write: 1, end: 1000)
        let write = self.call(.write(first, replacing: nil), .done(true), 1...2)
        var read = self.call(.read, .record(nil), 3...4, at: 999)
        read.end = 1001
        #expect(self.promises([write, read], .byEngine).isEmpty)
        #expect(self.promises([write, read], .byArgument) == [.isOrdered])
        read.answer = .record(first)
        #expect(self.promises([write, read], .byEngine).isEmpty)
    }

    @Test func whatWasReadIsWhatWasWritten() {
        let first = self.record(1, write: 1)
        var other = first
        other.user = "b"
        let write = self.call(.write(first, replacing: nil), .done(true), 1...2)
        #expect(self.promises([write, self.call(.read, .record(other), 3...4)]) == [.isWhole])
        #expect(self.promises([write, self.call(.read, .record(self.record(1, write: 9)), 3...4)]).contains(.isWhole))
    }

    @Test func aListMayBeOfBeforeOrAfterAWriteThatMeetsIt() {
        let first = self.record(1, write: 1)
        let second = self.record(2, write: 2, user: "b")
        let writes = [
            self.call(.write(first, replacing: nil), .done(true), 1...2),
            self.call(.write(second, replacing: 1), .done(true), 5...8),
        ]
        for ids in [[self.id], []] {
            #expect(self.promises(writes + [self.call(.list(user: "a"), .ids(ids), 6...7)]).isEmpty)
            #expect(self.promises(writes + [self.call(.list(user: "b"), .ids(ids), 6...7)]).isEmpty)
        }
        #expect(self.promises(writes + [self.call(.list(user: "a"), .ids([]), 3...4)]) == [.isListed])
        #expect(self.promises(writes + [self.call(.list(user: "b"), .ids([self.id]), 3...4)]) == [.isNotListed])
        #expect(self.promises(writes + [self.call(.list(user: "a"), .ids([self.id]), 9...10)]) == [.isNotListed])
        #expect(self.promises(writes + [self.call(.list(user: "b"), .ids([]), 9...10)]) == [.isListed])
    }
}
