// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

/// The machine of one run: the way to the engine behind the store, and what goes wrong there.
@Simulated
final class MachineState {
    let bytes: SeededBytes
    private let schedule: Schedule
    private var lots: Lots
    /// Of a thousand uses of the engine, how many go wrong.
    private var faults: Int
    /// Whether the run is over: nothing waits any more.
    private(set) var isOver = false
    /// How many uses of the engine have gone wrong.
    private(set) var faultCount = 0
    private var late: [Task<Void, Never>] = []

    init(_ plan: StorePlan, _ schedule: Schedule) {
        self.schedule = schedule
        self.bytes = SeededBytes(seed: plan.seed ^ 0xB17E)
        self.lots = Lots(seed: plan.seed ^ 0xE461)
        self.faults = plan.engineFaults
    }

    /// From now on nothing goes wrong.
    func calm() async {
        self.faults = 0
        while let task = self.late.popLast() { await task.value }
    }

    func end() { self.isOver = true }

    func sleep(_ duration: Duration) async throws {
        guard !self.isOver else { throw CancellationError() }
        try await self.schedule.sleep(duration)
        guard !self.isOver else { throw CancellationError() }
    }

    func use<Answer: Sendable>(
        changes: Bool, _ body: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        let goesWrong = self.lots.happens(self.faults)
        let fate = self.lots.below(4)
        await self.travel()
        if goesWrong {
            self.faultCount += 1
            switch (changes, fate) {
            case (true, 0): throw SimulatedFault.full
            case (true, 1):
                _ = try? body()
                throw SimulatedFault.lost
            case (true, 2):
                self.make(body, after: self.lots.below(3_000_000))
                throw SimulatedFault.lost
            default: throw SimulatedFault.unreachable
            }
        }
        let answer = try body()
        await self.travel()
        try Task.checkCancellation()
        return answer
    }

    /// The engine has the message, whatever becomes of the call.
    private func make<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer, after delay: Int) {
        self.late.append(
            Simulated.task {
                await self.schedule.pause(microseconds: delay)
                _ = try? body()
            })
    }

    private func travel() async {
        let isLate = self.faults > 0 && self.lots.happens(100)
        await self.schedule.pause(microseconds: self.lots.below(isLate ? 2_000_000 : 300))
    }
}
