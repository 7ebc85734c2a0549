// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import NIOCore
import Sessions
import Synchronization

/// One server, or the current primary: a few connections, opened when they are needed, shared by all callers.
///
/// A request without a connection waits for the one that is being opened, and no longer. After a failure the node opens
/// no connection for a pause that doubles each time, and requests fail at once. ``RedisClient`` retries them until the
/// outage has lasted as long as an operation may be retried. From then on the server is known to be down, and only the
/// node itself tries to connect.
final class RedisNode: Sendable {
    private enum Way {
        case connection(RedisConnection, opensAnother: Bool)
        case waiting(UInt64, opens: Bool)
    }

    /// The host of a cluster's server; empty for a primary, whose address may change and which names no other server.
    let host: String

    private let state: Mutex<NodeState>
    /// Counts the requests in flight here, also those whose callers were cancelled.
    private let quota: Quota
    private let settings: ConnectionSettings
    private let login: RedisLogin
    private let logger: Logger
    private let address: @Sendable () async throws -> RedisAddress

    /// - Parameter address: Called before every connection, so that the node follows a failover.
    init(
        settings: ConnectionSettings, login: RedisLogin, logger: Logger, host: String = "",
        address: @escaping @Sendable () async throws -> RedisAddress
    ) {
        self.host = host
        self.state = Mutex(NodeState(patience: settings.patience))
        self.settings = settings
        self.quota = settings.newQuota()
        self.login = login
        self.logger = logger
        self.address = address
    }

    deinit {
        for connection in self.state.withLock({ $0.connections.values }) { connection.close() }
    }

    // MARK: - Sending

    /// The replies to some commands, in order.
    ///
    /// - Throws: ``RedisFailure``, or `CancellationError` when the task is cancelled. Commands already sent may still
    ///   be done; their replies are discarded.
    func send(_ commands: [RedisCommand]) async throws -> [RedisReply] {
        let (count, size) = (commands.count, commands.reduce(0) { $0 + $1.size })
        let isBusy = !self.quota.isEmpty
        do {
            try self.quota.enter(commands: count, bytes: size)
        } catch {
            throw RedisFailure.notSent(error)
        }
        let request: RedisRequest
        let way: Way
        do {
            request = try RedisRequest(commands) { [quota = self.quota] in quota.leave(commands: count, bytes: size) }
            way = try self.way(for: request, isBusy: isBusy)
        } catch {
            self.quota.leave(commands: count, bytes: size)
            throw error
        }
        switch way {
        case .connection(let connection, let opensAnother):
            if opensAnother { self.startOpening() }
            connection.send(request)
            return try await request.replies.get()
        case .waiting(let id, let opens):
            if opens { self.startOpening() }
            return try await withTaskCancellationHandler {
                try await request.replies.get()
            } onCancel: {
                self.state.withLock { $0.waiting.removeValue(forKey: id) }?.end(.failure(CancellationError()))
            }
        }
    }

    private func way(for request: RedisRequest, isBusy: Bool) throws(RedisFailure) -> Way {
        try self.state.withLock { state throws(RedisFailure) in
            guard !state.isClosed else { throw .notSent(.closed) }
            let mayOpen = !state.isOpening && ContinuousClock.now >= state.nextAttempt
            if let connection = state.nextConnection() {
                let opens = mayOpen && isBusy && state.order.count < self.settings.connections
                state.isOpening = state.isOpening || opens
                return .connection(connection, opensAnother: opens)
            }
            if let refusal = state.outage.refusal(at: .now) { throw .down(refusal) }
            guard state.isOpening || mayOpen else { throw .notSent(state.failure ?? .connectionLost) }
            defer { state.isOpening = true }
            state.nextID += 1
            state.waiting[state.nextID] = request
            return .waiting(state.nextID, opens: !state.isOpening)
        }
    }

    // MARK: - Connecting

    /// In a task of its own: the caller may be cancelled while other requests wait for the connection too.
    private func startOpening() {
        Task {
            let began = ContinuousClock.now
            do {
                let connection = try await RedisConnection.open(
                    to: try await self.address(), as: self.login, self.settings)
                self.opened(connection)
            } catch {
                self.failed(RedisStoreError(connecting: error), began: began)
            }
        }
    }

    private func opened(_ connection: RedisConnection) {
        let (id, waiting, wasDown) = self.state.withLock { state in
            state.isOpening = false
            let wasDown = state.failure != nil
            guard !state.isClosed else { return (nil as UInt64?, [RedisRequest](), wasDown) }
            state.nextID += 1
            state.connections[state.nextID] = connection
            state.order.append(state.nextID)
            state.failure = nil
            state.outage.succeeded()
            state.backoff = .reconnecting
            defer { state.waiting = [:] }
            return (state.nextID, Array(state.waiting.values), wasDown)
        }
        guard let id else { return connection.close() }
        if wasDown { self.logger.info("The Redis server is back.") }
        for request in waiting { connection.send(request) }
        connection.onClose.whenComplete { [weak self] _ in self?.closed(id) }
    }

    private func failed(_ error: RedisStoreError, began: ContinuousClock.Instant) {
        let (waiting, wasDown, pause) = self.state.withLock { state -> ([RedisRequest], Bool, Duration) in
            let (now, pause) = (ContinuousClock.now, state.backoff.pause())
            defer {
                state.isOpening = false
                state.failure = error
                state.nextAttempt = now + pause
                state.waiting = [:]
            }
            // While a connection is open there is no outage, although the server accepts no further connection.
            if state.order.isEmpty {
                state.outage.failed(error, began: began, at: now, isLasting: error.kind == .denied)
            }
            return (Array(state.waiting.values), state.failure != nil || state.isClosed, pause)
        }
        if !wasDown { self.logger.warning("No connection to the Redis server.", metadata: ["error": "\(error)"]) }
        for request in waiting { request.end(.failure(RedisFailure.notSent(error))) }
        self.probe(after: pause)
    }

    /// Tries to connect without a request, because requests do not wait for a server that is known to be down.
    private func probe(after pause: Duration) {
        Task { [weak self] in
            try? await Task.sleep(for: pause)
            self?.probe()
        }
    }

    private func probe() {
        let isDue = self.state.withLock { state in
            // If a request has tried in the meantime, another probe is scheduled.
            let isDue =
                state.outage.isFailing && state.order.isEmpty && !state.isOpening && !state.isClosed
                && ContinuousClock.now >= state.nextAttempt
            state.isOpening = state.isOpening || isDue
            return isDue
        }
        if isDue { self.startOpening() }
    }

    private func closed(_ id: UInt64) {
        self.state.withLock { state in
            state.connections[id] = nil
            state.draining[id] = nil
            state.order.removeAll { $0 == id }
        }
    }

    // MARK: - What the server says

    /// Notes that the server has served a command of this kind.
    func served(_ command: RedisCommand) {
        self.state.withLock { state in
            if command.isWriting { state.writing.succeeded() } else { state.reading.succeeded() }
        }
    }

    /// Notes that the server has refused a command for now: it is loading, or it is a replica. Each command is its own
    /// probe, because the refusal comes at once.
    ///
    /// - Returns: Whether the server has refused for so long that another try is of no use.
    func refused(_ command: RedisCommand, _ error: RedisStoreError, at now: ContinuousClock.Instant = .now) -> Bool {
        self.state.withLock { state in
            guard command.isWriting else {
                state.reading.failed(error, began: now, at: now)
                return state.reading.refusal(at: now) != nil
            }
            state.writing.failed(error, began: now, at: now)
            return state.writing.refusal(at: now) != nil
        }
    }

    // MARK: - The end

    /// The same as ``reconnect()``, at most four times a second: every request may find the same reason to call it.
    func reconnectSeldom() {
        let isDue = self.state.withLock { state in
            guard state.nextDoubt <= .now else { return false }
            state.nextDoubt = .now + .milliseconds(250)
            return true
        }
        if isDue { self.reconnect() }
    }

    /// Closes the open connections once requests in flight are answered. The next request opens a new connection.
    func reconnect() {
        let connections = self.state.withLock { state in
            defer {
                state.connections = [:]
                state.order = []
            }
            state.draining.merge(state.connections) { $1 }
            return state.connections.values
        }
        for connection in connections { connection.drain() }
    }

    /// Takes no more requests, and returns when those in flight are answered or have failed.
    func shutdown() async {
        let (connections, waiting) = self.state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return (Array(state.connections.values) + state.draining.values, Array(state.waiting.values))
        }
        for request in waiting { request.end(.failure(RedisFailure.notSent(.closed))) }
        for connection in connections { connection.drain() }
        for connection in connections { try? await connection.onClose.get() }
    }
}
