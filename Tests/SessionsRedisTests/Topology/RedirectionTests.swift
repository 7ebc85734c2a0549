// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// Servers of a cluster that do not know each other's names, as with `cluster-preferred-endpoint-type`.
@Suite(.timeLimit(.minutes(5))) struct RedirectionTests {
    @Test(arguments: [":6381", "?:6381"]) func theHostThatIsLeftOutIsThatOfTheServerThatAnswered(text: String) {
        for code in ["MOVED", "ASK"] {
            let redirection = Redirection(RedisServerError(line: "\(code) 3999 \(text)"), from: "asked")
            #expect(redirection?.address == RedisAddress(host: "asked", port: 6381))
        }
    }

    @Test(arguments: ["MOVED", "ASK"], ["", "?"])
    func aServerWithoutANameIsFound(code: String, host: String) async throws {
        let slot = KeySlot.of(SessionKeys(prefix: "dewar").session(try .number(1)))
        let target = try await ScriptedServer { _ in nil }
        defer { keepAlive(target) }
        let (port, hasMoved) = (target.port, Shared(false))
        let source = try await ScriptedServer { words in
            switch words[0] {
            case "GET":
                hasMoved.value = code == "MOVED"
                return .reply("-\(code) \(slot) \(host):\(port)\r\n")
            case "CLUSTER" where hasMoved.value:
                return .reply(ScriptedServer.slots(at: port))
            default:
                return nil
            }
        }
        defer { keepAlive(source) }
        let store = try RedisStore(url: "redis+cluster://127.0.0.1:\(source.port)")
        #expect(try await store.read(.number(1), at: start) == nil)
        #expect(target.count(of: "GET") == 1)
        #expect(target.count(of: "ASKING") == (code == "ASK" ? 1 : 0))
    }
}
