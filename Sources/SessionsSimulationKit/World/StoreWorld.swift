// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import SessionsTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One run: a store, its clients, and what they do, from the beginning to the end.
@Simulated
final class StoreWorld {
    private let plan: StorePlan
    private let schedule: Schedule
    let machine: MachineState
    let log: CallLog
    let network: StoreNetwork
    let ids: [SessionID]
    let users: [String]
    private var writes = 0

    init(_ plan: StorePlan, _ stores: [any SessionStore], _ machine: MachineState, _ schedule: Schedule) {
        self.plan = plan
        self.schedule = schedule
        self.machine = machine
        self.log = CallLog(schedule)
        self.network = StoreNetwork(stores, machine, self.log, schedule, faults: plan.faults)
        let bytes = SeededBytes(seed: plan.seed ^ 0x1D).random
        self.ids = (0..<plan.sessions).map { _ in SessionID(using: bytes) }
        self.users = (0..<plan.users).map { "user \($0)" }
    }

    var milliseconds: Int { self.schedule.now / 1000 }

    func run() async {
        let hands = Dictionary(grouping: self.plan.acts, by: \.client).sorted { $0.key < $1.key }
        let tasks = hands.map { number, acts in
            Simulated.task {
                let client = ModelClient(number, in: self)
                for act in acts {
                    await self.schedule.pause(microseconds: act.at - self.schedule.now)
                    await client.perform(act)
                }
            }
        }
        for task in tasks { await task.value }
        await self.network.calm()
        await self.machine.calm()
        self.log.takeLastLook()
        for process in 0..<self.network.processes { await ModelClient(process, in: self).look() }
        self.machine.end()
    }

    func findings(_ expiry: SessionStoreExpiry) -> [StoreFinding] {
        self.log.findings + CallChecks.findings(self.log.calls, ids: self.ids, expiry: expiry)
    }

    /// Nothing comes to the store for so many microseconds.
    func cutOff(for time: Int) { self.network.downUntil = self.schedule.now + time }

    func wait(untilMillisecond time: Int) async {
        await self.schedule.pause(microseconds: 1000 * time - self.schedule.now)
    }

    // MARK: - Records

    func newRecord(_ session: Int, _ lots: inout Lots) -> SessionRecord {
        let now = Date(milliseconds: SimulatedMachine.epoch + self.milliseconds)
        let absolute = lots.happens(300) ? now.adding(milliseconds: 1 + lots.below(3 * self.plan.idle)) : nil
        return SessionRecord(
            id: self.ids[session], secretHash: self.bytes(32, &lots), contents: self.contents(&lots), createdAt: now,
            idleTimeout: .milliseconds(self.plan.idle), absoluteEnd: absolute, user: self.user(&lots))
    }

    func successor(of record: SessionRecord, version: Int, _ lots: inout Lots) -> SessionRecord {
        var next = record
        next.version = version
        next.contents = self.contents(&lots)
        next.lastUsedAt = Date(milliseconds: SimulatedMachine.epoch + self.milliseconds)
        if lots.happens(300) { next.user = self.user(&lots) }
        if lots.happens(100) { next.secretHash = self.bytes(32, &lots) }
        return next
    }

    private func user(_ lots: inout Lots) -> String? {
        let number = lots.below(self.users.count + 1)
        return number < self.users.count ? self.users[number] : nil
    }

    /// Bytes that say which write of the run it is, and others.
    private func contents(_ lots: inout Lots) -> [UInt8] {
        self.writes += 1
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(self.writes))
        return bytes + self.bytes(lots.below(40), &lots)
    }

    private func bytes(_ count: Int, _ lots: inout Lots) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: lots.number()) }
    }
}
