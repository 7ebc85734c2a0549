// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport

@testable import SessionsRedis

/// A primary, a replica and three sentinels, for real.
struct SentinelGroup {
    let primary: RedisServer
    let replica: RedisServer
    let sentinels: [RedisServer]

    static func start() async throws -> SentinelGroup {
        let primary = try await RedisServer.start(["--repl-diskless-sync-delay", "0"])
        defer { keepAlive(primary) }
        let replica = try await RedisServer.start(["--replicaof", "127.0.0.1", "\(primary.port)"])
        defer { keepAlive(replica) }
        let configuration = """
            sentinel monitor shop 127.0.0.1 \(primary.port) 2
            sentinel down-after-milliseconds shop 2000
            sentinel failover-timeout shop 2000

            """
        var sentinels: [RedisServer] = []
        for _ in 0..<3 { sentinels.append(try await RedisServer.start(configuration: configuration, sentinel: true)) }
        let group = SentinelGroup(primary: primary, replica: replica, sentinels: sentinels)
        try await eventually("the replica follows") {
            try await replica.command("INFO", "replication").text?.contains("master_link_status:up") == true
        }
        for sentinel in sentinels {
            try await eventually("the sentinels know each other and the replica") {
                let state = try await Self.state(sentinel)
                return state["num-other-sentinels"] == "2" && state["num-slaves"] == "1" && state["flags"] == "master"
            }
        }
        return group
    }

    var url: String {
        "redis+sentinel://\(self.sentinels.map(\.address.description).joined(separator: ","))/shop"
    }

    private static func state(_ sentinel: RedisServer) async throws -> [String: String] {
        let words = try await sentinel.command("SENTINEL", "MASTER", "shop").elements?.compactMap(\.text) ?? []
        let pairs = stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
        return Dictionary(pairs) { $1 }
    }
}
