// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsRedis
import SessionsTesting
import TestSupport
import Testing

/// Counted where they pass: between the process and the server.
@Suite(.timeLimit(.minutes(5))) struct RoundTripTests {
    @Test func aRequestThatReadsCostsOneAndOneThatChangesTwo() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(proxy.port)")
        let keys = SecretKeys(SecretKey(bytes: SessionRandom.system.bytes(32)))
        let clock = ManualClock()
        let sessions = try SessionManager(
            keys: keys, configuration: .stored(in: store), clock: clock.sessionClock)
        let first = try await sessions.open([])
        first["user"] = "arthur"
        let line = try #require(try await sessions.commit(first).setCookie)
        let cookie = String(line.prefix { $0 != ";" })

        func turns(_ body: (Session) -> Void) async throws -> Int {
            let before = proxy.roundTrips
            let session = try await sessions.open([cookie])
            body(session)
            _ = try await sessions.commit(session)
            return proxy.roundTrips - before
        }
        // The script is known to the server after the first.
        #expect(try await turns { $0["n"] = 0 } == 2)
        for number in 1...20 {
            #expect(try await turns { _ = $0["user"] } == 1)
            #expect(try await turns { $0["n"] = SessionValue.int(number) } == 2)
        }
    }

    @Test func aConflictCostsOneMoreForEachWay() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(proxy.port)")
        let sessions = try SessionManager(
            keys: SecretKeys(SecretKey(bytes: SessionRandom.system.bytes(32))), configuration: .stored(in: store),
            clock: ManualClock().sessionClock)
        let first = try await sessions.open([])
        first["n"] = 0
        let line = try #require(try await sessions.commit(first).setCookie)
        let cookie = String(line.prefix { $0 != ";" })
        let (one, other) = try await (sessions.open([cookie]), sessions.open([cookie]))
        one["a"] = 1
        other["b"] = 2
        _ = try await sessions.commit(one)
        let before = proxy.roundTrips
        _ = try await sessions.commit(other)
        // Refused, read again, written.
        #expect(proxy.roundTrips - before == 3)
    }
}
