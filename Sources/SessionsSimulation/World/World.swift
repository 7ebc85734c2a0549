// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit
import SessionsTesting

/// A site with its processes, stores, visitors and attackers, from its beginning to its end.
@Simulated
final class World {
    let scenario: Scenario
    let schedule: Schedule
    let tally: Tally
    let chronicle: Chronicle
    /// What goes wrong at this moment; nothing does at the end.
    private(set) var faults: Faults
    /// The store of the site, or the one that it comes from.
    let store: ModelStore
    /// The store that the site goes to.
    let next: ModelStore
    private(set) var processes: [ServerProcess] = []
    private(set) var browsers: [Browser] = []
    var wayBack = WayBack()
    private var behind: [Task<Void, Never>] = []
    /// Draws what belongs to no actor.
    var lots: Lots

    init(_ scenario: Scenario, on schedule: Schedule, tally: Tally, tells: Bool) {
        self.scenario = scenario
        self.schedule = schedule
        self.tally = tally
        self.faults = scenario.faults
        self.chronicle = Chronicle(scenario, schedule, tally, tells: tells)
        let remembersPast = scenario.faults.lag > 0
        self.store = ModelStore("the store", schedule, remembersPast: remembersPast)
        self.next = ModelStore("the new store", schedule, remembersPast: remembersPast)
        self.lots = Lots(seed: scenario.seed ^ 0x5EED)
        self.processes = (0..<Scenario.processes).map { ServerProcess($0, in: self) }
        self.browsers = (0..<scenario.visitors).map { Browser($0) }
    }

    /// Everything that happens, and then a look at what is left.
    func run() async {
        for process in self.processes { process.start(.first) }
        let hands = Dictionary(grouping: self.scenario.acts, by: \.hand)
        let tasks = hands.sorted { $0.value[0].at < $1.value[0].at }.map { _, acts in
            Task { @Simulated in await self.perform(acts) }
        }
        for task in tasks { await task.value }
        self.faults = .none
        self.store.downUntil = 0
        self.store.fullUntil = 0
        self.next.downUntil = 0
        while let task = self.behind.popLast() { await task.value }
        await self.audit()
        for process in self.processes { process.stop() }
    }

    /// Takes apart what refers to each other in circles.
    func close() {
        for process in self.processes { process.stop() }
        self.chronicle.close()
        self.processes = []
    }

    /// Something that goes on while no actor waits for it.
    func background(_ body: @escaping @Simulated () async -> Void) {
        self.behind.append(Task { @Simulated in await body() })
    }

    private func perform(_ acts: [Act]) async {
        for act in acts {
            await self.schedule.pause(microseconds: act.at - self.schedule.now)
            await self.perform(act)
        }
    }

    private func perform(_ act: Act) async {
        var lots = Lots(seed: act.seed)
        switch (act.kind, act.hand) {
        case (.request(let deed), .tab(let visitor, let tab)):
            await self.send(deed, from: self.browsers[visitor], tab: tab, lots)
        case (.edge, .tab(let visitor, let tab)): await self.meetEdge(of: self.browsers[visitor], tab: tab, lots)
        case (.copyCookie(let visitor), _):
            let victim = visitor.map { self.browsers[$0] } ?? lots.pick(self.browsers)
            victim.copy = victim.jar.header()
            self.chronicle.tell("a thief copies the cookie of visitor \(victim.number)")
        case (.useCopy(let deed, let visitor), _): await self.useCopy(deed, of: visitor, &lots)
        case (.forge, _): await self.forge(&lots)
        case (.revokeAll, _): await self.revokeAll(&lots)
        case (.list, _): await self.list(&lots)
        case (.crash, _): await self.crash(&lots)
        case (.outage, _): self.cutOff(&lots)
        case (.full, _): self.store.fullUntil = self.schedule.now + lots.below(20_000_000)
        case (.failOver(let time), _): await self.failOver(losing: time, &lots)
        case (.setClock(let change), _): await self.setClock(change, &lots)
        case (.step, _): await self.step(&lots)
        case (.move, _): await self.moveOn(&lots)
        case (.request, _), (.edge, _): break
        }
    }

    private func cutOff(_ lots: inout Lots) {
        let store = lots.happens(500) ? self.store : self.next
        store.downUntil = self.schedule.now + lots.below(20_000_000)
        self.chronicle.tell("\(store.name) cannot be reached for a while")
    }

    /// The primary is lost, and with it what it had acknowledged and not yet told its replica.
    private func failOver(losing time: Int, _ lots: inout Lots) async {
        let isNext = self.scenario.isOnTheWay && lots.happens(500)
        let store = isNext ? self.next : self.store
        store.cutOffReplica()
        self.chronicle.replicaIsCutOff()
        await self.schedule.pause(microseconds: time)
        let lost = store.failOver()
        if lots.happens(500) { store.downUntil = self.schedule.now + lots.below(2_000_000) }
        // A copy in the new store decides nothing about the session in the old one.
        let copies = isNext ? lost.withoutSession.filter(self.store.hasSession) : []
        self.chronicle.failedOver(
            losing: Set(lost.ids.map(\.description)), copies: Set(copies.map(\.description)))
    }

    private func crash(_ lots: inout Lots) async {
        let process = lots.pick(self.processes)
        guard process.isServing else { return }
        self.tally.saw(process.served.isEmpty ? .restart : .crashInRequest)
        self.chronicle.tell("process \(process.number) dies")
        process.stop()
        await self.schedule.pause(microseconds: lots.below(500_000))
        process.start(process.stage)
    }
}
