// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsPages

/// Counting events over the last hour and the last day, in the same memory however much happens.
@Suite struct ActivityRingTests {
    private func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(seconds)) }

    private func event(_ kind: SessionEvent.Kind, at seconds: Int) -> SessionEvent {
        SessionEvent(kind, time: self.date(seconds))
    }

    @Test func eachKindIsCountedOnce() {
        var counts = ActivityCounts()
        let kinds: [SessionEvent.Kind] = [
            .created, .renewed, .signedIn, .reauthenticated, .signedOut, .ended, .expired, .revoked,
            .rejected(.badSignature), .rejected(.expired), .conflict, .droppedWrite, .replayed, .missed(7),
        ]
        for kind in kinds { counts.add(self.event(kind, at: 0)) }
        #expect(counts == ActivityCounts(signIns: 1, endings: 3, refusals: 3, missed: 7))
    }

    @Test func stepsBeginAtWholeLengthsAndThoseWithoutEventsAreThere() {
        var ring = ActivityRing(steps: 3, of: 300)
        ring.add(self.event(.signedIn, at: 1000))
        ring.add(self.event(.signedIn, at: 1199))
        ring.add(self.event(.ended, at: 1200))
        let steps = ring.steps(until: self.date(1799))
        #expect(steps.map(\.start) == [900, 1200, 1500])
        #expect(steps.map(\.counts.signIns) == [2, 0, 0])
        #expect(steps.map(\.counts.endings) == [0, 1, 0])
    }

    @Test func whatIsOlderThanTheStretchIsForgotten() {
        var ring = ActivityRing(steps: 3, of: 300)
        ring.add(self.event(.signedIn, at: 100))
        #expect(ring.steps(until: self.date(899)).map(\.counts.signIns) == [1, 0, 0])
        #expect(ring.steps(until: self.date(900)).map(\.counts.signIns) == [0, 0, 0])
        // Its place is used again.
        ring.add(self.event(.signedIn, at: 1000))
        #expect(ring.steps(until: self.date(1000)).map(\.counts.signIns) == [0, 0, 1])
    }

    @Test func aClockThatWasAheadSpoilsOneStep() {
        var ring = ActivityRing(steps: 3, of: 300)
        ring.add(self.event(.signedIn, at: 2_000_000_000))
        for second in [100, 400, 700] { ring.add(self.event(.signedIn, at: second)) }
        #expect(ring.steps(until: self.date(899)).map(\.counts.signIns) == [1, 1, 1])
    }

    @Test(arguments: [-1, -300, -301, 0, Int.min / 2048, Int.max / 2048])
    func anyTimeHasAStep(seconds: Int) {
        var ring = ActivityRing(steps: 12, of: 300)
        ring.add(self.event(.signedIn, at: seconds))
        let steps = ring.steps(until: self.date(seconds))
        #expect(steps.count == 12 && steps.last?.counts.signIns == 1)
        #expect(steps.last.map { $0.start.isMultiple(of: 300) } == true)
    }

    @Test func theRecorderFollowsTheEventsAndEndsWithItself() async throws {
        let site = try StoreSite()
        var recorder: ActivityRecorder? = ActivityRecorder(site.sessions)
        weak let held = recorder
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "ada") }
        try await eventually("the sign-in is counted") {
            ActivitySpan.allCases.allSatisfy { span in
                recorder?.steps(span, until: site.clock.now).last?.counts.signIns == 1
            }
        }
        #expect(recorder?.steps(.hour, until: site.clock.now).count == 12)
        #expect(recorder?.steps(.day, until: site.clock.now).count == 24)
        recorder = nil
        #expect(held == nil)
    }
}
