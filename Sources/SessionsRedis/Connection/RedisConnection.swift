// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import NIOSSL

/// A connection that is open and logged in. Many callers share it: their commands are pipelined.
struct RedisConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<RedisChannelHandler>

    /// Connects within the connect timeout. TLS, the login and the choice of the database may take as long again.
    static func open(
        to address: RedisAddress, as login: RedisLogin, _ settings: ConnectionSettings
    ) async throws(RedisStoreError) -> RedisConnection {
        do {
            let connection = try await Self.connect(to: address, settings)
            do {
                try await connection.signIn(login)
            } catch {
                connection.close()
                throw error
            }
            return connection
        } catch {
            throw RedisStoreError(connecting: error, to: address)
        }
    }

    private static func connect(
        to address: RedisAddress, _ settings: ConnectionSettings
    ) async throws -> RedisConnection {
        // Another server may have named this address. A socket address cannot hold a port outside this range, and NIO
        // then stops the process.
        guard (0...65535).contains(address.port) else {
            throw RedisStoreError(.unreachable, "The Redis server \(address) has a port that there is not.")
        }
        let bootstrap = ClientBootstrap(group: settings.eventLoopGroup)
            .connectTimeout(settings.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.addHandlers(to: channel, at: address, settings) }
            }
        let opening =
            address.socketPath.map { bootstrap.connect(unixDomainSocketPath: $0) }
            ?? bootstrap.connect(host: address.host, port: address.port)
        let channel = try await opening.get()
        return try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self)
            return RedisConnection(channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }.get()
    }

    private static func addHandlers(
        to channel: any Channel, at address: RedisAddress, _ settings: ConnectionSettings
    ) throws {
        if let context = settings.tls {
            // TLS must not send an IP address as a server name (SNI). The certificate is still compared with it.
            let isNumeric = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
            let tls = try NIOSSLClientHandler(context: context, serverHostname: isNumeric ? nil : address.host)
            try channel.pipeline.syncOperations.addHandler(tls)
        }
        guard let parser = ReplyParser(limit: settings.maximumReplySize) else {
            throw RedisStoreError(.failed, "There is no memory for a connection to the Redis server.")
        }
        try channel.pipeline.syncOperations.addHandler(
            RedisChannelHandler(
                parser: parser, timeout: settings.commandTimeout, firstTimeout: settings.connectTimeout))
    }

    private func signIn(_ login: RedisLogin) async throws {
        let replies = try await self.send(login.commands)
        for error in replies.compactMap(\.error) { throw RedisStoreError(error) }
        if login.mustBePrimary, replies.last?.elements?.first?.text != "master" { throw RedisStoreError.notPrimary }
    }

    /// The replies to some commands, which are sent with no other command between them.
    func send(_ commands: [RedisCommand]) async throws -> [RedisReply] {
        let request = try RedisRequest(commands)
        self.send(request)
        return try await request.replies.get()
    }

    func send(_ request: RedisRequest) {
        self.channel.eventLoop.execute { self.handler.value.send(request) }
    }

    /// Takes no more requests, and closes when those in flight are answered.
    func drain() {
        self.channel.eventLoop.execute { self.handler.value.drain() }
    }

    func close() {
        self.channel.close(promise: nil)
    }

    var onClose: EventLoopFuture<Void> { self.channel.closeFuture }
}
