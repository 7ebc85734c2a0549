// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The way of the clients to the store: it takes time, and what goes wrong between a program and its store goes wrong
/// here.
@Simulated
final class StoreWay {
    private let stores: [any SessionStore]
    private let machine: MachineState
    private let log: CallLog
    private let schedule: Schedule
    private var faults: Int
    /// Until when nothing comes to the store, in microseconds.
    var downUntil = 0
    private var behind: [Task<Void, Never>] = []

    init(_ stores: [any SessionStore], _ machine: MachineState, _ log: CallLog, _ schedule: Schedule, faults: Int) {
        self.stores = stores
        self.machine = machine
        self.log = log
        self.schedule = schedule
        self.faults = faults
    }

    /// How many processes use the store.
    var processes: Int { self.stores.count }

    /// A call that a client wants to make.
    struct Order: Sendable {
        let client: Int
        let session: Int?
        let id: SessionID?
        let operation: StoreCall.Operation
        let at: Int?
    }

    /// From now on nothing goes wrong; what is still under way comes first.
    func calm() async {
        self.faults = 0
        self.downUntil = 0
        while let task = self.behind.popLast() { await task.value }
    }

    /// - Returns: What the client hears; nil for no answer.
    func send(_ order: Order, _ lots: inout Lots) async -> StoreCall.Answer? {
        let fate = lots.happens(self.faults) ? lots.number(in: 1...5) : 0
        let (there, back, later) = (lots.below(300), lots.below(300), lots.below(4_000_000))
        await self.schedule.pause(microseconds: there)
        guard self.schedule.now >= self.downUntil, fate != 1 else {
            self.log.saw(.unreachable)
            return nil
        }
        switch fate {
        case 2:
            self.log.saw(.lateCall)
            self.goOn(after: later) { _ = await self.perform(order) }
            return nil
        case 3:
            self.log.saw(.doubledCall)
            self.goOn(after: later / 1000) { _ = await self.perform(order) }
        case 4:
            await self.giveUp(order, after: later / 10_000)
            return nil
        default: break
        }
        let answer = await self.perform(order)
        await self.schedule.pause(microseconds: back)
        guard fate != 5 else {
            self.log.saw(.lostAnswer)
            return nil
        }
        if case .unknown = answer { return nil }
        return answer
    }

    /// The client hangs up while the store works.
    private func giveUp(_ order: Order, after delay: Int) async {
        let call = Task { @Simulated in _ = await self.perform(order) }
        self.behind.append(call)
        await self.schedule.pause(microseconds: delay)
        self.log.saw(.cancelledCall)
        call.cancel()
    }

    /// Goes on while no client waits for it.
    private func goOn(after delay: Int, _ body: @escaping @Simulated () async -> Void) {
        self.behind.append(
            Task { @Simulated in
                await self.schedule.pause(microseconds: delay)
                await body()
            })
    }

    // MARK: - At the store

    private func perform(_ order: Order) async -> StoreCall.Answer {
        if let session = order.session, !self.log.hasRoom(for: session) { return .unknown("it was not made") }
        let number = self.log.begin(order.operation, client: order.client, session: order.session, at: order.at)
        let faultsBefore = self.machine.faultCount
        do {
            let answer = try await self.ask(order, self.stores[order.client % self.stores.count])
            self.log.end(number, answer)
            return answer
        } catch {
            self.log.fail(number, "\(error)")
            let hasFailed = self.machine.faultCount > faultsBefore
            if hasFailed { self.log.saw(.engineFault) }
            if !hasFailed, !Task.isCancelled {
                self.log.found(.answers, "\(error), where nothing had gone wrong: call \(number)")
            }
            return .unknown("\(error)")
        }
    }

    private func ask(_ order: Order, _ store: any SessionStore) async throws -> StoreCall.Answer {
        let now = Date(milliseconds: SimulatedMachine.epoch + (order.at ?? 0))
        guard let id = order.id else {
            switch order.operation {
            case .list(let user): return .ids(try await store.ids(ofUser: user, at: now))
            case .purge(let limit): return .count(try await store.removeExpired(at: now, limit: limit))
            default: return .unknown("it names no session")
            }
        }
        switch order.operation {
        case .write(let record, let version):
            return .done(try await store.write(record, replacing: version, at: now))
        case .remove(let version): return .done(try await store.remove(id, ifVersion: version))
        default: return .record(try await store.read(id, at: now))
        }
    }
}
