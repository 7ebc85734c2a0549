// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import NIOCore
import NIOSSL
import Sessions

extension RedisConfiguration {
    /// The client. It connects at its first command.
    func client(on eventLoopGroup: any EventLoopGroup, logger: Logger) throws(RedisStoreError) -> RedisClient {
        try self.validate()
        let settings = try self.connectionSettings(eventLoopGroup)
        return RedisClient(
            router: self.router(settings, logger), quota: settings.newQuota(), timeout: self.operationTimeout)
    }

    private func router(_ settings: ConnectionSettings, _ logger: Logger) -> any RedisRouter {
        switch self.servers {
        case .standalone(let address):
            return PrimaryRouter(
                primary: RedisNode(settings: settings, login: self.login(), logger: logger) { address })
        case .sentinel(let addresses, let primary):
            let login = RedisLogin(username: self.sentinelUsername, password: self.sentinelPassword)
            let sentinels = Sentinels(addresses, primary: primary, login: login, settings: settings)
            return PrimaryRouter(
                primary: RedisNode(settings: settings, login: self.login(mustBePrimary: true), logger: logger) {
                    try await sentinels.primaryAddress()
                })
        case .cluster(let addresses):
            let login = self.login()
            return ClusterRouter(seeds: addresses, patience: self.operationTimeout) { address in
                RedisNode(settings: settings, login: login, logger: logger, host: address.host) { address }
            }
        }
    }

    private func login(mustBePrimary: Bool = false) -> RedisLogin {
        RedisLogin(
            username: self.username, password: self.password, database: self.database, mustBePrimary: mustBePrimary)
    }

    private func connectionSettings(_ group: any EventLoopGroup) throws(RedisStoreError) -> ConnectionSettings {
        ConnectionSettings(
            eventLoopGroup: group, tls: try self.tlsContext(),
            connectTimeout: .milliseconds(Int64(self.connectTimeout.milliseconds)),
            commandTimeout: .milliseconds(Int64(self.commandTimeout.milliseconds)),
            // A cluster's slot map may be larger than a session.
            maximumReplySize: self.maximumRecordSize + 64 << 20, connections: self.connectionsPerServer,
            maximumPendingCommands: self.maximumPendingCommands, maximumPendingBytes: self.maximumPendingBytes,
            patience: self.operationTimeout)
    }

    private func tlsContext() throws(RedisStoreError) -> NIOSSLContext? {
        guard let tls = self.tls else { return nil }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw Self.invalid("The TLS configuration for Redis cannot be used: \(error)")
        }
    }
}
