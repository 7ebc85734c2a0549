// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One client of the store. It keeps what it has seen last, as a request does, and acts by that.
@Simulated
final class ModelClient {
    private let number: Int
    private let world: StoreWorld
    /// The records that it has seen or written last.
    private var known: [Int: SessionRecord] = [:]

    init(_ number: Int, in world: StoreWorld) {
        self.number = number
        self.world = world
    }

    func perform(_ act: StoreAct) async {
        var lots = Lots(seed: act.seed)
        switch act.kind {
        case .read: await self.read(act.session, &lots)
        case .create: await self.create(act.session, &lots)
        case .replace: await self.replace(act.session, &lots)
        case .replaceAnother: await self.replace(act.session, by: lots.pick([-1, 1, 2]), &lots)
        case .remove: await self.remove(act.session, version: nil, &lots)
        case .removeVersion:
            let version = (self.known[act.session]?.version ?? 1) + lots.below(2)
            await self.remove(act.session, version: version, &lots)
        case .list: await self.list(lots.pick(self.world.users), limit: lots.pick([nil, nil, 1, 2]), &lots)
        case .purge: _ = await self.send(.purge(limit: lots.below(4)), session: nil, &lots)
        case .edge: await self.meetEdge(of: act.session, &lots)
        case .outage: self.world.cutOff(for: lots.below(5_000_000))
        }
    }

    /// What is in the store at last.
    func look() async {
        var lots = Lots(seed: 0)
        for session in self.world.ids.indices { await self.read(session, &lots) }
        for user in self.world.users { await self.list(user, limit: nil, &lots) }
    }

    // MARK: - Acts

    private func read(_ session: Int, _ lots: inout Lots) async {
        let answer = await self.send(.read(self.world.ids[session]), session: session, &lots)
        if case .record(let record)? = answer { self.known[session] = record }
    }

    private func create(_ session: Int, _ lots: inout Lots) async {
        let record = self.world.newRecord(session, &lots)
        let answer = await self.send(.write(record, replacing: nil), session: session, &lots)
        if case .done(true)? = answer { self.known[session] = record }
    }

    /// - Parameter difference: By how much the version is another than the one that the client knows.
    private func replace(_ session: Int, by difference: Int = 0, _ lots: inout Lots) async {
        if self.known[session] == nil { await self.read(session, &lots) }
        guard let known = self.known[session] else { return }
        let version = known.version + difference
        let record = self.world.successor(of: known, version: version + 1, &lots)
        switch await self.send(.write(record, replacing: version), session: session, &lots) {
        case .done(true)?: self.known[session] = record
        case .done?: self.known[session] = nil
        default: break
        }
    }

    private func remove(_ session: Int, version: Int?, _ lots: inout Lots) async {
        let answer = await self.send(.remove(self.world.ids[session], version: version), session: session, &lots)
        // It may try once more to write what has gone, as a request does that was on its way.
        if case .done(true)? = answer, lots.happens(500) { self.known[session] = nil }
    }

    private func list(_ user: String, limit: Int?, _ lots: inout Lots) async {
        _ = await self.send(.list(user: user, limit: limit), session: nil, &lots)
    }

    private func meetEdge(of session: Int, _ lots: inout Lots) async {
        if self.known[session] == nil { await self.read(session, &lots) }
        guard let known = self.known[session] else { return }
        let isLast = lots.happens(500)
        let moment = known.expiresAt.milliseconds - SimulatedMachine.epoch - (isLast ? 1 : 0)
        await self.world.wait(untilMillisecond: moment)
        self.world.log.saw(isLast ? .lastMillisecond : .endMillisecond)
        switch lots.below(4) {
        case 0: await self.read(session, &lots)
        case 1: await self.replace(session, &lots)
        case 2: await self.list(known.user ?? self.world.users[0], limit: lots.pick([nil, 1]), &lots)
        default: await self.create(session, &lots)
        }
    }

    private func send(
        _ operation: StoreCall.Operation, session: Int?, _ lots: inout Lots
    ) async -> StoreCall.Answer? {
        let time: Int? = if case .remove = operation { nil } else { self.world.milliseconds }
        return await self.world.network.send(
            StoreNetwork.Request(client: self.number, session: session, operation: operation, at: time), &lots)
    }
}
