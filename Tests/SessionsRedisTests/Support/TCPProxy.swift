// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// Stands between a client and a server on a port of its own, and does to what passes what networks do.
final class TCPProxy: Sendable {
    /// What becomes of the server's answers.
    enum Mode: Sendable, Equatable {
        case pass
        /// They come later.
        case delay(TimeAmount)
        /// They do not come, and neither do the client's bytes go.
        case stall
        /// So many bytes come, and then the connection is cut. It is again whole for the next.
        case cut(after: Int)
        /// New connections are closed at once.
        case refuse
    }

    private struct State {
        var mode = Mode.pass
        var turns = 0
        var lastWasClient = false
    }

    private let state = Mutex(State())
    private let channel: any Channel
    let port: Int

    static func start(to server: Int) async throws -> TCPProxy {
        let box = ProxyBox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                guard let proxy = box.proxy else { return client.close() }
                return proxy.accept(client, server)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = try TCPProxy(channel)
        box.proxy = proxy
        return proxy
    }

    private init(_ channel: any Channel) throws {
        guard let port = channel.localAddress?.port else { throw ServerError("The proxy has no port.") }
        self.channel = channel
        self.port = port
    }

    deinit {
        self.channel.close(promise: nil)
    }

    var mode: Mode {
        get { self.state.withLock { $0.mode } }
        set { self.state.withLock { $0.mode = newValue } }
    }

    /// How many times the client has spoken after the server: round trips.
    var turns: Int { self.state.withLock { $0.turns } }

    fileprivate func note(isClient: Bool) {
        self.state.withLock { state in
            if isClient, !state.lastWasClient { state.turns += 1 }
            state.lastWasClient = isClient
        }
    }

    /// How many of the server's bytes may pass before the connection is cut; nil for all.
    fileprivate func allowance(for count: Int) -> Int? {
        self.state.withLock { state in
            guard case .cut(let left) = state.mode else { return nil }
            state.mode = left > count ? .cut(after: left - count) : .pass
            return left > count ? nil : left
        }
    }

    private func accept(_ client: any Channel, _ port: Int) -> EventLoopFuture<Void> {
        if self.mode == .refuse { return client.close() }
        // Nothing is read from the client before this is done, and the server does not speak first.
        return ClientBootstrap(group: client.eventLoop)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in
                try client.pipeline.syncOperations.addHandler(Relay(to: server, isClient: true, self))
                try server.pipeline.syncOperations.addHandler(Relay(to: client, isClient: false, self))
            }
            .flatMapError { _ in client.close() }
    }
}

/// The proxy, for connections that come while it is made.
private final class ProxyBox: Sendable {
    private let held = Mutex<WeakProxy>(WeakProxy())

    var proxy: TCPProxy? {
        get { self.held.withLock { $0.proxy } }
        set { self.held.withLock { $0.proxy = newValue } }
    }
}

private struct WeakProxy {
    weak var proxy: TCPProxy?
}

private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let partner: any Channel
    private let isClient: Bool
    private let proxy: TCPProxy

    init(to partner: any Channel, isClient: Bool, _ proxy: TCPProxy) {
        self.partner = partner
        self.isClient = isClient
        self.proxy = proxy
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        self.proxy.note(isClient: self.isClient)
        switch self.proxy.mode {
        case .stall: return
        case .delay(let time) where !self.isClient:
            let partner = self.partner
            context.eventLoop.scheduleTask(in: time) { partner.writeAndFlush(bytes, promise: nil) }
        case .cut where !self.isClient:
            guard let allowed = self.proxy.allowance(for: bytes.readableBytes) else { fallthrough }
            let part = bytes.getSlice(at: bytes.readerIndex, length: allowed) ?? ByteBuffer()
            self.partner.writeAndFlush(part, promise: nil)
            self.partner.close(promise: nil)
            context.close(promise: nil)
        default: self.partner.writeAndFlush(bytes, promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.partner.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
