// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct UnixSocketTests {
    @Test func aServerOnAUnixSocketIsUsed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("redis.sock")
        let server = try await RedisServer.start(["--unixsocket", path])
        defer { keepAlive(server) }
        let store = try RedisStore(url: "unix://\(path)?db=2&prefix=shop")
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        #expect(try await store.read(.number(1), at: start) == record(user: "u"))
        #expect(try await server.command(["DBSIZE"], database: 2) == .integer(2))
        try await server.kill()
        var configuration = try RedisConfiguration(url: "unix://\(path)")
        configuration.operationTimeout = .milliseconds(200)
        let gone = try RedisStore(configuration)
        let error = await failure(RedisStoreError.self) { _ = try await gone.read(.number(1), at: start) }
        #expect(error?.kind == .unreachable)
        #expect(error?.description.contains(path) == true)
    }
}
