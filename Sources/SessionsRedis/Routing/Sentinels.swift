// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Servers that watch a primary and its replicas, and know which one is the primary.
final class Sentinels: Sendable {
    private let addresses: Mutex<[RedisAddress]>
    private let primary: String
    private let login: RedisLogin
    private let settings: ConnectionSettings

    init(_ addresses: [RedisAddress], primary: String, login: RedisLogin, settings: ConnectionSettings) {
        self.addresses = Mutex(addresses)
        self.primary = primary
        self.login = login
        self.settings = settings
    }

    /// The primary's address, from the first sentinel that knows it. Each sentinel that is asked goes to the end of the
    /// list: one that is cut off from the others may keep naming an old primary.
    func primaryAddress() async throws(RedisStoreError) -> RedisAddress {
        var failure = RedisStoreError(.unreachable, "No Redis sentinel is configured.")
        for sentinel in self.addresses.withLock({ $0 }) {
            self.addresses.withLock { all in
                all.removeAll { $0 == sentinel }
                all.append(sentinel)
            }
            do {
                return try await self.ask(sentinel)
            } catch {
                failure = RedisStoreError(connecting: error, to: sentinel)
            }
        }
        throw failure
    }

    /// The connection is not kept open: a sentinel is asked only before a connection to the primary, which is rare.
    private func ask(_ sentinel: RedisAddress) async throws -> RedisAddress {
        let connection = try await RedisConnection.open(to: sentinel, as: self.login, self.settings)
        defer { connection.close() }
        let question = RedisCommand(
            "SENTINEL", [Array("get-master-addr-by-name".utf8), Array(self.primary.utf8)])
        let reply = try await connection.send([question]).first
        if let error = reply?.error { throw RedisStoreError(error) }
        guard let elements = reply?.elements, elements.count == 2, let host = elements[0].text,
            let port = elements[1].text.flatMap({ Int($0) })
        else {
            throw RedisStoreError(
                .unavailable, "The Redis sentinel \(sentinel) does not know the primary \"\(self.primary)\".")
        }
        return RedisAddress(host: host, port: port)
    }
}
