// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

/// Many servers, each with a part of the slots. Any of them can give the slot map. The router reads it again when a
/// server redirects a client or does not answer.
final class ClusterRouter: RedisRouter {
    private struct State {
        var nodes: [RedisAddress: RedisNode] = [:]
        var slots = SlotMap()
        var refresh: Task<Void, any Error>?
        var nextRefresh = ContinuousClock.now
        /// Tracks slots that, by the cluster's own account, no server has.
        var holes: CircuitBreaker<RedisStoreError>
        var isClosed = false
    }

    private let state: Mutex<State>
    private let seeds: [RedisAddress]
    private let makeNode: @Sendable (RedisAddress) -> RedisNode

    /// - Parameter patience: How long requests wait for a slot without a server.
    init(seeds: [RedisAddress], patience: Duration, makeNode: @escaping @Sendable (RedisAddress) -> RedisNode) {
        self.state = Mutex(State(holes: CircuitBreaker(patience: patience)))
        self.seeds = seeds
        self.makeNode = makeNode
    }

    var isCluster: Bool { true }

    func node(for key: [UInt8]) async throws -> RedisNode {
        let slot = KeySlot.of(key)
        guard !self.state.withLock({ $0.isClosed }) else { throw RedisFailure.notSent(.closed) }
        if let owner = self.state.withLock({ $0.slots[slot] }) { return self.node(at: owner) }
        try await self.refreshed()
        guard let owner = self.state.withLock({ $0.slots[slot] }) else { throw self.hole() }
        return self.node(at: owner)
    }

    private func hole() -> RedisFailure {
        let error = RedisStoreError(.unavailable, "The Redis cluster has slots that no server serves.")
        return self.state.withLock { state in
            let now = ContinuousClock.now
            state.holes.failed(error, began: now, at: now)
            return state.holes.refusal(at: now) == nil ? .notSent(error) : .down(error)
        }
    }

    func node(at address: RedisAddress) -> RedisNode {
        self.state.withLock { state in
            if let node = state.nodes[address] { return node }
            let node = self.makeNode(address)
            state.nodes[address] = node
            return node
        }
    }

    func servers() async throws -> [RedisAddress] {
        if !self.state.withLock({ $0.slots.isComplete }) { try await self.refreshed() }
        return self.state.withLock { $0.slots.owners }.sorted { $0.description < $1.description }
    }

    func move(slot: Int, to address: RedisAddress) {
        self.state.withLock { $0.slots[slot] = address }
        self.refreshSoon()
    }

    func doubt(_ node: RedisNode, after error: RedisStoreError) {
        // A silent connection is slow to close, above all with TLS, so it is dropped now.
        if error.kind == .timedOut { node.reconnect() }
        if error.kind != .queueFull, error.kind != .closed { self.refreshSoon() }
    }

    func shutdown() async {
        let nodes = self.state.withLock { state in
            state.isClosed = true
            return Array(state.nodes.values)
        }
        await withTaskGroup { group in
            for node in nodes { group.addTask { await node.shutdown() } }
        }
    }

    // MARK: - The map

    /// The shortest time between two reads of the map: a cluster that moves slots redirects many requests.
    private static let refreshInterval = Duration.milliseconds(100)

    private func refreshSoon() {
        if self.state.withLock({ $0.nextRefresh <= .now }) { _ = self.refresh() }
    }

    /// Reads the map once at a time, for all requests that need it.
    private func refresh() -> Task<Void, any Error> {
        self.state.withLock { state in
            if let task = state.refresh { return task }
            state.nextRefresh = .now + Self.refreshInterval
            let task = Task {
                defer { self.state.withLock { $0.refresh = nil } }
                try await self.readMap()
            }
            state.refresh = task
            return task
        }
    }

    /// Waits until the map has been read. A caller that is cancelled leaves at once, and the reading goes on for the
    /// others.
    private func refreshed() async throws {
        let refresh = self.refresh()
        let pending = Pending<Void>()
        Task { pending.tell(await refresh.result) }
        try await pending.get()
    }

    /// Asks one server after the other, first those that have slots.
    private func readMap() async throws {
        let known = self.state.withLock { $0.slots.owners }.shuffled()
        var failure: any Error = RedisStoreError(
            .unavailable, "The servers of the Redis cluster do not say who serves a slot.")
        var areAllDown = true
        for address in known + self.seeds.filter({ !known.contains($0) }) {
            do {
                let reply = try await self.node(at: address).send([RedisCommand("CLUSTER", [Array("SLOTS".utf8)])])[0]
                if let error = reply.error { throw RedisStoreError(error) }
                if let map = SlotMap(reply, from: address.host), !map.owners.isEmpty { return self.install(map) }
                areAllDown = false
            } catch {
                if case RedisFailure.down = error {} else { areAllDown = false }
                failure = error
            }
        }
        let error = RedisStoreError(connecting: failure)
        throw areAllDown ? RedisFailure.down(error) : RedisFailure.notSent(error)
    }

    /// Drops servers that have no slots any more; their requests in flight are still answered.
    private func install(_ map: SlotMap) {
        let gone = self.state.withLock { state in
            state.slots = map
            if map.isComplete { state.holes.succeeded() }
            let gone = state.nodes.filter { !map.owners.contains($0.key) }
            for address in gone.keys { state.nodes[address] = nil }
            return gone.values
        }
        for node in gone { node.reconnect() }
    }
}
