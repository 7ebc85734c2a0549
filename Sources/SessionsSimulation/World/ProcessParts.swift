// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsMigration
import SessionsSimulationKit

/// How far a site has come on its way to another place for its sessions: a row of docs/MIGRATING.md.
enum Stage: Int, Comparable, CaseIterable {
    case first, second, third, fourth, fifth

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    var next: Stage? { Stage(rawValue: self.rawValue + 1) }

    var previous: Stage? { Stage(rawValue: self.rawValue - 1) }
}

/// What a process is made of, by the scenario and by the stage that it is in.
@Simulated
struct ProcessParts {
    let clock: SessionClock
    let bytes: SeededBytes
    private(set) var migration: (any SessionStore)?
    private(set) var configuration = SessionConfiguration()

    init(_ process: ServerProcess, seed: UInt64) {
        let (world, scenario) = (process.world, process.world.scenario)
        let (schedule, setting) = (world.schedule, process.setting)
        self.bytes = SeededBytes(seed: seed)
        self.clock = SessionClock(
            now: { Date(milliseconds: Scenario.epoch + setting.ahead + schedule.now / 1000) },
            elapsed: { .microseconds(schedule.now) },
            sleep: { try await schedule.sleep($0) })
        let store = StoreLink(to: world.store, of: process.life, in: world, seed: seed ^ 1)
        let next = StoreLink(to: world.next, of: process.life, in: world, seed: seed ^ 2)
        self.configuration.lifetime = SessionLifetime(idle: scenario.idle, absolute: scenario.absolute)
        self.configuration.renewalGrace = scenario.grace
        self.configuration.outagePolicy = scenario.isAnonymousInOutage ? .anonymous : .fail
        self.configuration.refresh = scenario.refresh.sessionRefresh
        switch scenario.kind {
        case .stored: self.configuration.place = self.stored(in: store, scenario, schedule)
        case .sealed where !scenario.canRevoke:
            let list = scenario.hasNewList ? self.list(in: store, scenario, schedule) : .off
            self.configuration.place = Self.withoutID(process.stage, scenario, list)
        case .sealed: self.configuration.place = .cookies(revocations: self.list(in: store, scenario, schedule))
        case .moving: self.configuration.place = self.moving(process.stage, store, next, scenario, schedule)
        case .migrating:
            let place = self.migrating(process.stage, store, next, schedule)
            self.migration = place
            self.configuration.place = self.stored(in: place, scenario, schedule)
        }
    }

    /// "With several servers, let all of them read the new format first." (SHARING)
    ///
    /// - Parameter list: The list of revocations for sealed cookies that others change to.
    private static func withoutID(
        _ stage: Stage, _ scenario: Scenario, _ list: SessionRevocations
    ) -> SessionPlace {
        let old = scenario.format.sessionFormat
        guard let new = scenario.newFormat?.sessionFormat else { return .cookies(old) }
        return switch stage {
        case .first: .cookies(old)
        case .second: .cookies(old, accepting: [new])
        case .third: .cookies(new, accepting: [old], revocations: list)
        case .fourth, .fifth: .cookies(new, revocations: list)
        }
    }

    private func stored(
        in store: any SessionStore, _ scenario: Scenario, _ schedule: Schedule, accepting formats: [SessionFormat] = [],
        revocations: SessionRevocations? = nil
    ) -> SessionPlace {
        .stored(
            in: store, encryptsValues: scenario.encrypts, touchInterval: scenario.touchInterval,
            renewalInterval: scenario.renewalInterval,
            sessionLimit: scenario.limit?.sessionLimit,
            purge: self.rounds(every: scenario.idle / 3, schedule), accepting: formats, revocations: revocations)
    }

    private func moving(
        _ stage: Stage, _ lists: any SessionStore, _ store: any SessionStore, _ scenario: Scenario,
        _ schedule: Schedule
    ) -> SessionPlace {
        let format = scenario.format.sessionFormat
        let revocations = self.list(in: lists, scenario, schedule)
        // "`.flask` and `.signed` cookies can have no list there." (MIGRATING)
        let before = scenario.canRevoke ? revocations : nil
        switch stage {
        case .first: return .cookies(format, revocations: before)
        case .second:
            return .cookies(format, revocations: before, reading: self.stored(in: store, scenario, schedule))
        case .third:
            return self.stored(in: store, scenario, schedule, accepting: [format], revocations: revocations)
        case .fourth, .fifth: return self.stored(in: store, scenario, schedule)
        }
    }

    private func migrating(
        _ stage: Stage, _ old: any SessionStore, _ new: any SessionStore, _ schedule: Schedule
    ) -> any SessionStore {
        let phase: MigrationPhase
        switch stage {
        case .first: return old
        case .second: phase = .fill
        case .third: phase = .both
        case .fourth: phase = .drain
        case .fifth: return new
        }
        return MigratingStore(
            from: old, to: new, phase: phase, random: self.bytes.random, logger: RequestLog().logger,
            yield: { await schedule.yield() })
    }

    private func list(
        in store: any SessionStore, _ scenario: Scenario, _ schedule: Schedule
    ) -> SessionRevocations {
        .shared(
            in: store, staleness: scenario.staleness, random: self.bytes.random,
            schedule: self.rounds(every: scenario.staleness / 2, schedule))
    }

    private func rounds(every interval: Duration, _ schedule: Schedule) -> PurgeSchedule {
        let bytes = self.bytes
        return PurgeSchedule(
            interval: interval, batch: 3, sleep: { try await schedule.sleep($0) },
            jitter: { 0.75 + bytes.fraction() / 2 }, yield: { await schedule.yield() })
    }
}
