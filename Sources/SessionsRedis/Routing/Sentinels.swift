// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Servers that watch over a primary and its replicas, and know which one is the primary.
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

    /// Where the primary is, by the first sentinel that knows. A sentinel that has been asked is the last to be asked
    /// the next time: one that is cut off from the others may name a primary that is none any more.
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

    /// Not kept open: it is asked when a connection to the primary is made, which is seldom.
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
