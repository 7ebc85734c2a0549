// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import Synchronization

/// The connections of a ``TestProxy``, and what happens on them.
final class ProxyNetwork: Sendable {
    private struct State {
        var fault = TestProxy.Fault.none
        var roundTrips = 0
        var lastWasClient = false
        var answers = 0
        var open: [any Channel] = []
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)

    var fault: TestProxy.Fault {
        get { self.state.withLock { $0.fault } }
        set {
            self.state.withLock {
                $0.fault = newValue
                $0.answers = 0
            }
        }
    }

    var roundTrips: Int { self.state.withLock { $0.roundTrips } }

    func listen(to port: Int) async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { [weak self] in
                self?.join($0, to: port) ?? $0.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.listener.withLock { $0 = channel }
        guard let ownPort = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return ownPort
    }

    func close() {
        self.listener.withLock { $0 }?.close(promise: nil)
        self.cut()
    }

    func cut() {
        let open = self.state.withLock { state in
            defer { state.open = [] }
            return state.open
        }
        for channel in open { channel.close(promise: nil) }
    }

    /// Nothing is read from the client before this is done.
    private func join(_ client: any Channel, to port: Int) -> EventLoopFuture<Void> {
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(
                        ProxyRelay(to: client) { self.action(forAnswerOf: $0) })
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in
                self.state.withLock { $0.open += [client, server] }
                try client.pipeline.syncOperations.addHandler(
                    ProxyRelay(to: server) { _ in self.actionForRequest() })
            }
            .flatMapError { _ in client.close() }
    }

    private func actionForRequest() -> ProxyRelay.Action {
        self.state.withLock { state in
            if !state.lastWasClient { state.roundTrips += 1 }
            state.lastWasClient = true
            switch state.fault {
            case .cutRequest:
                state.fault = .none
                return .cut(after: 0)
            case .stalled: return .hold
            default: return .pass(after: 0)
            }
        }
    }

    private func action(forAnswerOf length: Int) -> ProxyRelay.Action {
        self.state.withLock { state in
            state.lastWasClient = false
            state.answers += 1
            switch state.fault {
            case .none, .cutRequest: return .pass(after: 0)
            case .cutAnswer(let count) where count > length:
                state.fault = .cutAnswer(after: count - length)
                return .pass(after: 0)
            case .cutAnswer(let count):
                state.fault = .none
                return .cut(after: count)
            case .cutSome(let interval):
                return state.answers % interval == 0 ? .cut(after: .random(in: 0...length)) : .pass(after: 0)
            case .stalled: return .hold
            case .delayed(let milliseconds): return .pass(after: milliseconds)
            }
        }
    }
}
