// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit
import Synchronization

/// How far the clock of a machine is ahead, in milliseconds.
final class ClockSetting: Sendable {
    private struct State {
        var ahead: Int
        var change = 0
        var error = 0
    }

    private let state: Mutex<State>

    init(ahead: Int) {
        self.state = Mutex(State(ahead: ahead))
    }

    var ahead: Int { self.state.withLock { $0.ahead + $0.error } }

    /// How far it was set ahead when it was last set; negative for back.
    var change: Int { self.state.withLock { $0.change } }

    /// Whether it is wrong by more than clocks of the site may differ.
    var isAstray: Bool { self.state.withLock { $0.error != 0 } }

    func set(ahead: Int) {
        self.state.withLock { $0 = State(ahead: ahead, change: ahead - $0.ahead) }
    }

    /// It is wrong by so much until it is right again, with 0.
    func lead(astray error: Int) { self.state.withLock { $0.error = error } }
}

/// Clocks are set while their processes run.
///
/// They are set between two requests: what a request has found and written the oracles tell by one clock. What the
/// process does in the background meets it at any await.
extension World {
    func setClock(_ change: ClockChange, _ lots: inout Lots) async {
        let clocks = self.scenario.clocks
        switch change {
        case .anywhere:
            let ahead = lots.pick([clocks.lowerBound, clocks.upperBound, lots.number(in: clocks)])
            await self.set(lots.pick(self.processes), ahead: ahead)
        case .allAhead: for process in self.processes { await self.set(process, ahead: clocks.upperBound) }
        case .allBack: for process in self.processes { await self.set(process, ahead: clocks.lowerBound) }
        case .astray(let time): await self.leadAstray(lots.pick(self.processes), for: time, &lots)
        }
    }

    private func set(_ process: ServerProcess, ahead: Int) async {
        await self.waitFor(process)
        guard process.work == 0, !process.setting.isAstray, ahead != process.setting.ahead else { return }
        process.setting.set(ahead: ahead)
        let change = process.clockChange
        self.tally.saw(change > 0 ? .clockAhead : .clockBack)
        self.chronicle.tell("the clock of process \(process.number) is set \(change) ms ahead")
    }

    /// A time server is wrong by years, and the machine believes it for a while; the site sends it no requests
    /// meanwhile. The process goes on, with its purge and its list of revocations.
    private func leadAstray(_ process: ServerProcess, for time: Int, _ lots: inout Lots) async {
        await self.waitFor(process)
        guard process.work == 0, process.isServing else { return }
        let year = 365 * 86_400_000
        let error = lots.pick([-10 * year, 10 * year, 10 * year, 2 * self.longestTime])
        process.setting.lead(astray: error)
        self.tally.saw(.clockAstray)
        self.chronicle.tell("the clock of process \(process.number) goes wrong by \(error / 1000) s")
        await self.schedule.pause(microseconds: time)
        process.setting.lead(astray: 0)
        self.chronicle.tell("the clock of process \(process.number) is right again")
    }

    /// Just as far as expires everything, in milliseconds.
    private var longestTime: Int {
        let times = [self.scenario.longestIdle, self.scenario.absolute ?? .zero, self.scenario.own?.absolute ?? .zero]
        return times.map { Int($0.components.seconds) * 1000 }.reduce(120_000, max)
    }

    /// Waits a second at most for the process to have nothing to do, no administrator's call either.
    private func waitFor(_ process: ServerProcess) async {
        for _ in 0..<100 where process.work > 0 { await self.schedule.pause(microseconds: 10_000) }
    }
}
