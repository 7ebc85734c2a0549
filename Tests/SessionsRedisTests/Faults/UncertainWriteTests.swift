// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// Writes that may have happened: no error says that nothing was written, and none undoes what another server wrote.
@Suite(.timeLimit(.minutes(5))) struct UncertainWriteTests {
    @Test(arguments: ["-OOM no room\r\n", "-MISCONF no disk\r\n", "-NOPERM no right\r\n", "-ERR no\r\n"])
    func whatIsSaidToTheSecondCommandIsNotTheOutcomeOfTheFirst(refusal: String) async throws {
        let isLost = Shared(false)
        let server = try await ScriptedServer { words in
            guard words[0] == "EVALSHA" else { return nil }
            defer { isLost.value = true }
            return isLost.value ? .reply(refusal) : .cut
        }
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(server.port)")
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .connectionLost)
        #expect(server.count(of: "EVALSHA") == 2)
    }

    /// The second command waits for its answer, and its caller gives up.
    @Test func aCallerWhoIsCancelledWhileItIsFoundOutLeavesAtOnce() async throws {
        let isLost = Shared(false)
        let server = try await ScriptedServer { words in
            guard words[0] == "EVALSHA" else { return nil }
            defer { isLost.value = true }
            return isLost.value ? .hold : .cut
        }
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(server.port)")
        let write = Task { try await store.write(try record(version: 2), replacing: 1, at: start) }
        try await eventually("the second command is under way") { server.count(of: "EVALSHA") > 1 }
        write.cancel()
        await #expect(throws: CancellationError.self) { try await write.value }
    }

    @Test(arguments: [(":1\r\n", RedisStoreError.Kind.connectionLost), (":0\r\n", .full)])
    func aClusterThatHasTheRecordAndNotItsEntrySaysSo(outcome: String, kind: RedisStoreError.Kind) async throws {
        let server = try await ScriptedServer { words in
            guard words[0] == "EVALSHA" else { return nil }
            return .reply(words[1] == SessionScripts.list.hash ? "-OOM no room\r\n" : outcome)
        }
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis+cluster://127.0.0.1:\(server.port)")
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(version: 2, user: "u"), replacing: 1, at: start)
        }
        #expect(error?.kind == kind)
        #expect(error?.message.contains("nothing was written") == (kind == .full))
    }

    // MARK: - Flask's records

    /// Another server has written since, or the key may not be looked at.
    @Test(arguments: ["$6\r\ntheirs\r\n", "-NOPERM no right\r\n"], [true, false])
    func aFlaskRecordThatIsNotFoundIsNotWrittenAgain(answer: String, mustExist: Bool) async throws {
        let server = try await ScriptedServer { words in
            switch words[0] {
            case "SET": .cut
            case "GET": .reply(answer)
            default: nil
            }
        }
        defer { keepAlive(server) }
        let redis = try RedisFlaskSessions(url: "redis://127.0.0.1:\(server.port)")
        let error = await failure(RedisStoreError.self) {
            _ = try await redis.set(Array("ours".utf8), for: "session:a", secondsToLive: 60, mustExist: mustExist)
        }
        #expect(error?.kind == .connectionLost)
        #expect(server.count(of: "SET") == 1)
    }

    @Test func aFlaskRecordIsFoundWhereTheAnswerWasLostAndNotWhereTheRequestWas() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let redis = try RedisFlaskSessions(url: "redis://127.0.0.1:\(proxy.port)")
        #expect(try await redis.set([1], for: "session:a", secondsToLive: 60, mustExist: false))
        proxy.fault = .cutAnswer(after: 0)
        #expect(try await redis.set([2], for: "session:a", secondsToLive: 60, mustExist: true))
        proxy.fault = .cutRequest
        let error = await failure(RedisStoreError.self) {
            _ = try await redis.set([3], for: "session:a", secondsToLive: 60, mustExist: true)
        }
        #expect(error?.kind == .connectionLost)
        #expect(try await redis.value(of: "session:a") == [2])
    }
}
