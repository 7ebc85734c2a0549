// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsMigration
import SessionsSimulationKit
import SessionsTesting

/// The operator: changes keys, and takes the site from one place for its sessions to another, a process at a time.
extension World {
    /// The next step of what is under way.
    func step(_ lots: inout Lots) async {
        let isMoving = self.scenario.isOnTheWay || self.scenario.newFormat != nil
        if isMoving, lots.happens(700) {
            await self.moveOn(&lots)
        } else {
            await self.changeKeys(&lots)
        }
    }

    // MARK: - Keys

    /// Three phases, each complete when every process has it (docs/KEYS.md).
    private func changeKeys(_ lots: inout Lots) async {
        let (old, older) = (self.processes[0].keys.current, self.processes[0].keys.accepted)
        let new = old + 1
        self.chronicle.tell("the operator changes keys")
        await self.reload(KeyRing(current: old, accepted: older + [new]), &lots)
        await self.reload(KeyRing(current: new, accepted: older + [old]), &lots)
        self.tally.saw(.keyChanged)
        guard lots.happens(500) else { return }
        // "One idle timeout after the last server began to sign with the new key."
        await self.schedule.pause(microseconds: self.idleTime)
        await self.reload(KeyRing(current: new, accepted: []), &lots)
        self.tally.saw(.keyRetired)
    }

    private func reload(_ keys: KeyRing, _ lots: inout Lots) async {
        for process in self.processes {
            process.reload(keys)
            await self.schedule.pause(microseconds: lots.below(3_000_000))
        }
    }

    // MARK: - Places

    /// One row further in docs/MIGRATING.md, by a rolling restart.
    func moveOn(_ lots: inout Lots) async {
        let stage = self.processes[0].stage
        if self.scenario.kind == .migrating, stage != .first, lots.happens(200) { self.wayBack.begin(from: stage) }
        guard let next = self.wayBack.hasBegun ? stage.previous : stage.next else { return }
        if self.scenario.kind != .migrating, next == .fifth { return }
        self.wayBack.note(stage, self.progress)
        guard await self.wayBack.hasBegun ? self.isReady(backTo: next) : self.isReady(for: next) else { return }
        self.wayBack.note(stage, self.progress)
        for process in self.processes {
            // It answers what it has begun, and then another takes its place.
            while !process.served.isEmpty || !process.isServing { await self.schedule.pause(microseconds: 50_000) }
            process.stop()
            await self.schedule.pause(microseconds: lots.below(300_000))
            process.start(next)
            await self.schedule.pause(microseconds: lots.below(20_000_000))
        }
        self.tally.saw(.stepTaken)
        self.chronicle.tell("the operator has taken the site to its \(next) stage")
    }

    /// Whether the step may come, as docs/MIGRATING.md says; it waits for that.
    private func isReady(for next: Stage) async -> Bool {
        switch (self.scenario.kind, next) {
        case (.moving, .fourth):
            // "Remove accepting and revocations after twice lifetime.idle."
            await self.schedule.pause(microseconds: 2 * self.idleTime + 60_000_000 + self.scenario.skew * 1000)
            return true
        case (.sealed, .fourth):
            // "Remove accepting when the last Flask cookie has expired: after lifetime.idle." (SHARING)
            await self.schedule.pause(microseconds: self.idleTime + 2_000_000 + self.scenario.skew * 1000)
            return true
        case (.migrating, .third): return self.progress.allSatisfy { $0.failedCopies == 0 }
        case (.migrating, .fifth):
            return await self.isComplete()
        default: return true
        }
    }

    /// Waits for the progress of every process to be complete, for three idle timeouts.
    private func isComplete() async -> Bool {
        for _ in 0..<6 {
            await self.schedule.pause(microseconds: self.idleTime / 2 + 1_000_000)
            let isComplete = self.processes.allSatisfy { process in
                guard process.isServing else { return false }
                let store = process.migration as? MigratingStore
                return store?.progress.isComplete(
                    afterIdleTime: self.scenario.longestIdle, at: .init(milliseconds: process.clock)) ?? false
            }
            if isComplete { return true }
        }
        return false
    }

    /// Whether the step back may come: "Go through the same rows upwards." (MIGRATING)
    private func isReady(backTo previous: Stage) async -> Bool {
        self.tally.saw(.stepBack)
        return switch previous {
        // "At once if the site has only been in `.drain` and the log names no failed copies; else when `progress` is
        // complete."
        case .second: self.wayBack.isShort ? true : await self.isComplete()
        // "When `progress` is complete, if the site has been in `.drain`."
        case .first: self.wayBack.furthest < .fourth ? true : await self.isComplete()
        case .third, .fourth, .fifth: true
        }
    }

    private var progress: [MigrationProgress] {
        self.processes.compactMap { ($0.migration as? MigratingStore)?.progress }
    }

    private var idleTime: Int { Int(self.scenario.longestIdle.components.seconds) * 1_000_000 }

    // MARK: - The end

    /// Every visitor comes once more, to every process, when nothing goes wrong any more.
    func audit() async {
        // What a list of revocations is told is known everywhere after its staleness.
        await self.schedule.pause(microseconds: self.chronicle.staleness + 1000)
        for browser in self.browsers {
            for process in self.processes where process.isUp {
                let attempt = Attempt(.peek, by: browser.number, user: browser.user, cookie: browser.jar.header())
                let response = await process.serve(attempt, thinking: 0)
                if let response { self.receive(response, to: attempt, browser) }
            }
        }
        for user in Set(self.browsers.map(\.user)).sorted() {
            guard [.stored, .migrating].contains(self.scenario.kind), let manager = self.processes[0].manager,
                let found = try? await manager.activeSessions(of: user)
            else { continue }
            self.chronicle.isLeft(found.count, of: user)
        }
    }
}
