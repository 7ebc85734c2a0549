// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Sessions
import Synchronization
import Testing

@Suite struct BlockingPoolTests {
    private final class Counts: Sendable {
        private let state = Mutex((running: 0, most: 0, done: 0))

        var all: (running: Int, most: Int, done: Int) { self.state.withLock { $0 } }

        func enter() {
            self.state.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
        }

        func leave() {
            self.state.withLock {
                $0.running -= 1
                $0.done += 1
            }
        }
    }

    @Test func answersAndErrorsComeBack() async throws {
        struct Refusal: Error {}
        let pool = BlockingPool(width: 2, label: "test")
        #expect(try await pool.run { 42 } == 42)
        await #expect(throws: Refusal.self) { try await pool.run { throw Refusal() } }
        #expect(try await pool.run { "after" } == "after")
    }

    @Test func noMoreCallsThanItsWidthRunAtOnce() async throws {
        let pool = BlockingPool(width: 3, label: "test")
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await pool.run {
                        counts.enter()
                        counts.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        let (running, most, done) = counts.all
        #expect(running == 0)
        #expect(most <= 3)
        #expect(done == 500)
    }

    @Test func aCallThatBlocksDoesNotStopTheOthers() async throws {
        let pool = BlockingPool(width: 2, label: "test")
        let gate = DispatchSemaphore(value: 0)
        async let blocked: Void = pool.run { gate.wait() }
        for number in 0..<100 { #expect(try await pool.run { number } == number) }
        gate.signal()
        try await blocked
    }

    /// More of them than there are cores, in a process whose tasks go on.
    @Test func asManyCallsAsItsWidthRunAtOnce() async throws {
        let pool = BlockingPool(width: 16, label: "test")
        let arrived = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await pool.run {
                        arrived.signal()
                        gate.wait()
                    }
                }
            }
            group.addTask {
                try await BlockingPool(width: 1, label: "test").run { for _ in 0..<16 { arrived.wait() } }
                for number in 0..<100 {
                    let answer = await Task.detached { number }.value
                    #expect(answer == number)
                }
                for _ in 0..<16 { gate.signal() }
            }
            try await group.waitForAll()
        }
    }
}
