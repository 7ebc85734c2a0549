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

    private var read: StoreCall.Operation { .read(self.id) }

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

    /// A call for all ids of a user.
    private func list(_ user: String, _ ids: [SessionID], _ ticks: ClosedRange<Int>) -> StoreCall {
        self.call(.list(user: user, limit: nil), .ids(ids), ticks)
    }

    private func promises(_ calls: [StoreCall], _ expiry: SessionStoreExpiry = .byArgument) -> [StorePromise] {
        CallChecks.findings(calls, ids: [self.id], expiry: expiry).map(\.promise)
    }

    @Test func aWriteWithoutAnAnswerMayHaveHappenedOrNot() {
        let first = self.record(1, write: 1)
        let lost = self.call(.write(first, replacing: nil), .unknown("lost"), 1...Int.max)
        #expect(self.promises([lost, self.call(self.read, .record(first), 2...3)]).isEmpty)
        #expect(self.promises([lost, self.call(self.read, .record(nil), 2...3)]).isEmpty)
        // It happens once.
        let gone = [
            self.call(self.read, .record(first), 2...3),
            self.call(.remove(self.id, version: nil), .done(true), 4...5, at: nil),
            self.call(self.read, .record(first), 6...7),
        ]
        #expect(self.promises([lost] + gone) == [.isOrdered])
    }

    @Test func theMillisecondOfTheEndCounts() {
        let first = self.record(1, write: 1, end: 1000)
        let write = self.call(.write(first, replacing: nil), .done(true), 1...2)
        #expect(self.promises([write, self.call(self.read, .record(first), 3...4, at: 999)]).isEmpty)
        #expect(self.promises([write, self.call(self.read, .record(nil), 3...4, at: 999)]) == [.isOrdered])
        #expect(self.promises([write, self.call(self.read, .record(nil), 3...4, at: 1000)]).isEmpty)
        #expect(self.promises([write, self.call(self.read, .record(first), 3...4, at: 1000)]) == [.isOrdered])
    }

    @Test func aLateCallMayFindWhatALaterOneHasPurged() {
        let first = self.record(1, write: 1, end: 1000)
        let calls = [
            self.call(.write(first, replacing: nil), .done(true), 1...2),
            self.call(.purge(limit: 3), .count(1), 3...4, at: 1000), self.call(self.read, .record(nil), 5...6, at: 999),
        ]
        #expect(self.promises(calls).isEmpty)
    }

    @Test func anEnginesClockDecidesWithinTheCall() {
        let first = self.record(1, write: 1, end: 1000)
        let write = self.call(.write(first, replacing: nil), .done(true), 1...2)
        var read = self.call(self.read, .record(nil), 3...4, at: 999)
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
        #expect(self.promises([write, self.call(self.read, .record(other), 3...4)]) == [.isWhole])
        let unknown = self.call(self.read, .record(self.record(1, write: 9)), 3...4)
        #expect(self.promises([write, unknown]).contains(.isWhole))
    }

    @Test func aListMayBeOfBeforeOrAfterAWriteThatMeetsIt() {
        let first = self.record(1, write: 1)
        let second = self.record(2, write: 2, user: "b")
        let writes = [
            self.call(.write(first, replacing: nil), .done(true), 1...2),
            self.call(.write(second, replacing: 1), .done(true), 5...8),
        ]
        for ids in [[self.id], []] {
            #expect(self.promises(writes + [self.list("a", ids, 6...7)]).isEmpty)
            #expect(self.promises(writes + [self.list("b", ids, 6...7)]).isEmpty)
        }
        #expect(self.promises(writes + [self.list("a", [], 3...4)]) == [.isListed])
        #expect(self.promises(writes + [self.list("b", [self.id], 3...4)]) == [.isNotListed])
        #expect(self.promises(writes + [self.list("a", [self.id], 9...10)]) == [.isNotListed])
        #expect(self.promises(writes + [self.list("b", [], 9...10)]) == [.isListed])
    }

    @Test func aListWithALimitMayLeaveOutWhatIsOverIt() {
        let write = self.call(.write(self.record(1, write: 1), replacing: nil), .done(true), 1...2)
        func promises(_ limit: Int, _ ids: [SessionID]) -> [StorePromise] {
            self.promises([write, self.call(.list(user: "a", limit: limit), .ids(ids), 3...4)])
        }
        #expect(promises(1, [self.id]).isEmpty)
        #expect(promises(1, []) == [.isListed])
        #expect(promises(0, [self.id]).isEmpty)
        #expect(promises(1, [self.id, self.id]) == [.isNotListed, .isNotListed])
        let calls = [write, self.call(.list(user: "a", limit: 1), .ids([SessionID(using: .system)]), 3...4)]
        #expect(self.promises(calls) == [.isNotListed])
    }

    @Test func aPurgeRemovesItsShare() {
        #expect(self.promises([self.call(.purge(limit: 2), .count(2), 1...2)]).isEmpty)
        #expect(self.promises([self.call(.purge(limit: 2), .count(3), 1...2)]) == [.purgesItsShare])
        #expect(self.promises([self.call(.purge(limit: 2), .count(-1), 1...2)]) == [.purgesItsShare])
    }

    @Test func theFirstCallIsNamedWithWhichThereIsNoOrder() throws {
        let first = self.record(1, write: 1)
        let calls = [
            self.call(.write(first, replacing: nil), .done(true), 1...2), self.call(self.read, .record(nil), 3...6),
            self.call(.remove(self.id, version: nil), .done(true), 4...5, at: nil),
            self.call(self.read, .record(first), 7...8), self.call(self.read, .record(first), 9...10),
        ]
        let findings = CallChecks.findings(calls, ids: [self.id], expiry: .byArgument)
        #expect(
            findings.map(\.text) == [
                "session 0: with call 7, no order of the calls explains their answers"
            ])
    }

    @Test func aCallIsToldInASentence() {
        let write = self.call(.write(self.record(2, write: 7), replacing: 1), .done(false), 1...2, at: 30)
        #expect(
            write.description == """
                30 to 30 ms: client 0 replaces version 1 of session 0 by version 2 (write 7, a, ends at 60000 ms), \
                by a clock at 30 ms → refused
                """)
        let list = self.call(.list(user: "a", limit: 2), .unknown("lost"), 3...4)
        #expect(
            list.description
                == "0 to 0 ms: client 0 asks for at most 2 sessions of a, by a clock at 0 ms → no answer: lost")
    }
}
