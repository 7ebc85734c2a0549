// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The network between the clients and the store: it takes time, and what goes wrong between a program and its store
/// goes wrong here.
@Simulated
final class StoreNetwork {
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
    struct Request: Sendable {
        let client: Int
        let session: Int?
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
    func send(_ request: Request, _ lots: inout Lots) async -> StoreCall.Answer? {
        let fate = lots.happens(self.faults) ? lots.number(in: 1...5) : 0
        // Many calls come in the same microsecond as others: only then does a store that takes no time serve two at once.
        let (there, back) = (lots.pick([0, 0, lots.below(300)]), lots.pick([0, 0, lots.below(300)]))
        let later = lots.below(4_000_000)
        await self.schedule.pause(microseconds: there)
        guard self.schedule.now >= self.downUntil, fate != 1 else {
            self.log.saw(.unreachable)
            return nil
        }
        switch fate {
        case 2:
            self.log.saw(.lateCall)
            self.goOn(after: later) { _ = await self.perform(request) }
            return nil
        case 3:
            self.log.saw(.doubledCall)
            self.goOn(after: later / 1000) { _ = await self.perform(request) }
        case 4:
            await self.giveUp(request, after: later / 10_000)
            return nil
        default: break
        }
        let answer = await self.perform(request)
        await self.schedule.pause(microseconds: back)
        guard fate != 5 else {
            self.log.saw(.lostAnswer)
            return nil
        }
        if case .unknown = answer { return nil }
        return answer
    }

    /// The client hangs up while the store works.
    private func giveUp(_ request: Request, after delay: Int) async {
        let call = Simulated.task { _ = await self.perform(request) }
        self.behind.append(call)
        await self.schedule.pause(microseconds: delay)
        self.log.saw(.cancelledCall)
        call.cancel()
    }

    /// Goes on while no client waits for it.
    private func goOn(after delay: Int, _ body: @escaping @Simulated @Sendable () async -> Void) {
        self.behind.append(
            Simulated.task {
                await self.schedule.pause(microseconds: delay)
                await body()
            })
    }

    // MARK: - At the store

    private func perform(_ request: Request) async -> StoreCall.Answer {
        if let session = request.session, !self.log.hasRoom(for: session) { return .unknown("it was not made") }
        let number = self.log.begin(
            request.operation, client: request.client, session: request.session, at: request.at)
        let faultsBefore = self.machine.faultCount
        do {
            let answer = try await self.ask(request, self.stores[request.client % self.stores.count])
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

    private func ask(_ request: Request, _ store: any SessionStore) async throws -> StoreCall.Answer {
        let now = Date(milliseconds: SimulatedMachine.epoch + (request.at ?? 0))
        switch request.operation {
        case .read(let id): return .record(try await store.read(id, at: now))
        case .write(let record, let version):
            return .done(try await store.write(record, replacing: version, at: now))
        case .remove(let id, let version): return .done(try await store.remove(id, ifVersion: version))
        case .list(let user, nil): return .ids(try await store.ids(ofUser: user, at: now))
        case .list(let user, let limit?): return .ids(try await store.ids(ofUser: user, limit: limit, at: now))
        case .purge(let limit): return .count(try await store.removeExpired(at: now, limit: limit))
        }
    }
}
