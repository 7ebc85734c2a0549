// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsRedis
import SessionsTesting
import TestSupport
import Testing

/// The suite that every store passes, on a real server.
@Suite(.timeLimit(.minutes(5))) struct RedisConformanceTests {
    @Test func oneServer() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        try await SessionStoreSuite(expiry: .byEngine) { try RedisStore(url: server.url) }.run()
    }

    @Test func parallelAttemptsToSignInAreLimited() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let attack = try await GuessingAttack(on: try RedisStore(url: server.url))
        #expect(attack.checked == 5 && attack.refused == 95 && attack.listed == 0)
    }

    /// But for a purge that has something to do: the time of the operations is honoured, to the millisecond.
    @Test func theTimeIsTheCallers() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let suite = SessionStoreSuite { try RedisStore(url: server.url) }
        try await suite.run(only: Set(suite.checkNames).subtracting(["a purge takes what has ended"]))
    }
}
