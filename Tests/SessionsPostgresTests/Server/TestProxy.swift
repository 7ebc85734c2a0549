// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import Synchronization

/// A network between a store and its server that can be made to fail.
final class TestProxy: Sendable {
    /// What happens to what goes through from now on.
    enum Fault: Sendable {
        case none
        /// The next request is not passed on: its connection is cut.
        case cutRequest
        /// The next answer is cut, with its connection, after so many bytes.
        case cutAnswer(after: Int)
        /// Every so many answers, one is cut at some place.
        case cutSome(every: Int)
        /// The answers do not arrive, and nobody hangs up.
        case stalled
        /// Everything takes longer.
        case delayed(milliseconds: Int64)
    }

    /// What is done with some bytes.
    enum Action: Sendable {
        case pass(after: Int64)
        case cut(after: Int)
        case hold
    }

    fileprivate struct State {
        var fault = Fault.none
        var turns = 0
        var answers = 0
        var open: [any Channel] = []
    }

    let port: Int
    private let network: Network

    init(to port: Int) async throws {
        self.network = Network()
        self.port = try await self.network.listen(to: port)
    }

    deinit {
        self.network.close()
    }

    /// How often a client began to speak: the round trips.
    var roundTrips: Int { self.network.state.withLock { $0.turns } }

    func set(_ fault: Fault) {
        self.network.state.withLock {
            $0.fault = fault
            $0.answers = 0
        }
    }

    /// Cuts every connection.
    func cut() {
        self.network.cut()
    }

    /// What the channels share.
    fileprivate final class Network: Sendable {
        let state = Mutex(State())
        private let listener = Mutex<(any Channel)?>(nil)

        func listen(to port: Int) async throws -> Int {
            let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .childChannelInitializer { [weak self] in
                    self?.join($0, to: port) ?? $0.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                .bind(host: "127.0.0.1", port: 0).get()
            self.listener.withLock { $0 = channel }
            return channel.localAddress?.port ?? 0
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
        }

        private func actionForRequest() -> Action {
            self.state.withLock { state in
                state.turns += 1
                switch state.fault {
                case .cutRequest:
                    state.fault = .none
                    return .cut(after: 0)
                case .delayed(let milliseconds): return .pass(after: milliseconds)
                default: return .pass(after: 0)
                }
            }
        }

        private func action(forAnswerOf length: Int) -> Action {
            self.state.withLock { state in
                state.answers += 1
                switch state.fault {
                case .none, .cutRequest: return .pass(after: 0)
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
}
