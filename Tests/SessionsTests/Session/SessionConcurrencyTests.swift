// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// One session used by several tasks at once.
@Suite struct SessionConcurrencyTests {
    private static let tasks = 8
    private static let rounds = 1000

    @Test func noUpdateIsLost() async {
        let session = Session.fresh()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.tasks {
                group.addTask {
                    for _ in 0..<Self.rounds { session.update("n", default: 0) { $0 += 1 } }
                }
            }
        }
        #expect(session["n"] == .int(Self.tasks * Self.rounds))
    }

    @Test func everyUpdateGivesItsOwnResult() async {
        let session = Session.fresh()
        let results = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<Self.tasks {
                group.addTask { (0..<Self.rounds).map { _ in session.update("n", default: 0) { $0 += 1 } } }
            }
            return await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
        }
        #expect(results.count == Self.tasks * Self.rounds)
    }

    @Test func differentKeysDoNotDisturbEachOther() async {
        let session = Session.fresh()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    for round in 0..<Self.rounds { session["task \(task)"] = .int(round) }
                }
            }
        }
        #expect(session.count == Self.tasks)
        #expect(session.allSatisfy { $0.value == .int(Self.rounds - 1) })
    }

    /// The cookie may be read by several tasks that look at once; what the first of them gets counts for all.
    @Test func theContentsAreTakenOverOnce() async {
        let counter = CallCounter()
        let opening = SessionOpening(token: [1]) {
            counter.increment()
            return TokenContents(values: ["a": .int(counter.count)], createdAt: nil, signedAt: 0)
        }
        let session = Session(SessionState(.unopened(opening)))
        let seen = await withTaskGroup(of: SessionValue?.self) { group in
            for _ in 0..<Self.tasks { group.addTask { session["a"] } }
            return await group.reduce(into: Set<SessionValue?>()) { $0.insert($1) }
        }
        #expect(seen.count == 1)
        #expect(session["a"] == seen.first)
        let count = counter.count
        #expect(session["a"] != nil && counter.count == count)
    }

    @Test func aMessageIsTakenByOneRequestOnlyOnce() async {
        let session = Session.fresh(["_flashes": [.tuple(["message", "hi"])]])
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<Self.tasks { group.addTask { session.flashedMessages().count } }
            for await count in group { #expect(count == 1) }
        }
        #expect(session.isEmpty)
    }
}
