// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsMigration
import SessionsSimulationKit
import Synchronization

/// Whether a process still runs, known to all that it has started.
@Simulated
final class Life {
    var isOver = false
    /// How many of its calls to a store have failed, or taken long.
    var faultCount = 0
}

/// One process of the site: the real manager, with a clock of its own and its own way to the stores.
@Simulated
final class ServerProcess: ObservedProcess {
    let number: Int
    unowned let world: World
    private(set) var manager: SessionManager?
    private(set) var events: SessionEvents?
    private(set) var life = Life()
    /// How often it has been started.
    private(set) var incarnation = 0
    private(set) var stage = Stage.first
    var keys = KeyRing.first
    /// The migration that it takes part in.
    private(set) var migration: (any SessionStore)?
    /// The requests that it has not answered yet.
    var served: Set<Int> = []
    /// How many requests and calls of an administrator are being worked on, also by lives of it that are over.
    var work = 0
    /// The machine's clock, which goes on when the process dies.
    let setting: ClockSetting

    init(_ number: Int, in world: World) {
        self.number = number
        self.world = world
        self.setting = ClockSetting(ahead: world.scenario.skews[number])
    }

    var isUp: Bool { self.manager != nil }

    /// Whether requests are sent to it: not while its clock is wrong by years.
    var isServing: Bool { self.isUp && !self.setting.isAstray }

    /// What its wall clock shows, in milliseconds since 1970.
    var clock: Int { Scenario.epoch + self.setting.ahead + self.world.schedule.now / 1000 }

    var clockChange: Int { self.setting.change }

    var movesSessions: Bool { self.world.scenario.kind == .moving && self.stage == .third }

    var knowsBothStores: Bool { self.migration is MigratingStore }

    var writesNewFormat: Bool { self.world.scenario.newFormat != nil && self.stage >= .third }

    // MARK: - Beginning and end

    func start(_ stage: Stage) {
        self.incarnation += 1
        self.life = Life()
        self.stage = stage
        let seed = self.world.scenario.seed &* 31 &+ UInt64(self.number * 1000 + self.incarnation)
        let parts = ProcessParts(self, seed: seed)
        self.migration = parts.migration
        do {
            let manager = try SessionManager(
                keys: self.keys.secretKeys, configuration: parts.configuration, clock: parts.clock,
                random: parts.bytes.random, logger: RequestLog().logger)
            self.events = manager.events(buffering: 1_000_000)
            self.manager = manager
            self.world.tally.checked(.startsUp)
        } catch {
            self.world.chronicle.found(.startsUp, "a process does not start: \(error)")
        }
    }

    /// It dies: what it has begun has no effect from now on, and no browser hears of it.
    func stop() {
        self.takeEvents()
        if let store = self.migration as? MigratingStore { self.world.wayBack.note(self.stage, [store.progress]) }
        self.life.isOver = true
        self.manager = nil
        self.events = nil
        self.migration = nil
        self.served = []
    }

    /// Counts what its sessions went through.
    func takeEvents() {
        for event in self.events?.takeAll() ?? [] {
            self.world.tally.heard(event.kind)
            self.world.chronicle.tell(
                "process \(self.number) reports \(event.kind)\(event.rejection.map { " (\($0.name))" } ?? "")")
        }
    }

    func reload(_ keys: KeyRing) {
        self.keys = keys
        do {
            try self.manager?.reload(keys: keys.secretKeys)
        } catch {
            self.world.chronicle.found(.startsUp, "keys cannot be changed: \(error)")
        }
    }
}
