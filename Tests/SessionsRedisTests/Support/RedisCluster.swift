// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport

@testable import SessionsRedis

/// Three primaries that share the slots, for real.
struct RedisCluster {
    let servers: [RedisServer]

    static func start() async throws -> RedisCluster {
        var servers: [RedisServer] = []
        for _ in 0..<3 {
            servers.append(
                try await RedisServer.start([
                    "--cluster-enabled", "yes", "--cluster-port", "\(freePort())", "--cluster-node-timeout", "2000",
                    // The others serve their slots without the one that is gone.
                    "--cluster-require-full-coverage", "no",
                ]))
        }
        let cluster = RedisCluster(servers: servers)
        for (index, server) in servers.enumerated() {
            let (first, last) = (index * SlotMap.count / 3, (index + 1) * SlotMap.count / 3 - 1)
            try await cluster.expectOK(server, "CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(last)")
            try await cluster.expectOK(server, "CLUSTER", "SET-CONFIG-EPOCH", "\(index + 1)")
        }
        for server in servers.dropFirst() {
            let bus = try await server.command("CONFIG", "GET", "cluster-port").elements?.last?.text ?? ""
            try await cluster.expectOK(servers[0], "CLUSTER", "MEET", "127.0.0.1", "\(server.port)", bus)
        }
        for server in servers {
            try await eventually("the cluster is whole") {
                let info = try await server.command("CLUSTER", "INFO").text ?? ""
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
            }
        }
        return cluster
    }

    var url: String { "redis+cluster://\(self.servers[0].address),\(self.servers[1].address)" }

    /// The server that has a slot, as all of them see it.
    func owner(of slot: Int) async throws -> Int {
        let reply = try await self.servers[0].command("CLUSTER", "SLOTS")
        guard let address = SlotMap(reply, from: "127.0.0.1")?[slot],
            let index = self.servers.firstIndex(where: { $0.port == address.port })
        else { throw ServerError("Nobody has the slot \(slot).") }
        return index
    }

    /// Moves a slot with its keys, the way that `redis-cli --cluster reshard` does.
    func move(slot: Int, to target: Int) async throws {
        let source = try await self.owner(of: slot)
        let (from, to) = (self.servers[source], self.servers[target])
        let (fromID, toID) = try await (Self.id(from), Self.id(to))
        try await self.expectOK(to, "CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", fromID)
        try await self.expectOK(from, "CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", toID)
        while true {
            let keys =
                try await from.command("CLUSTER", "GETKEYSINSLOT", "\(slot)", "5").elements?.compactMap(\.text) ?? []
            guard !keys.isEmpty else { break }
            try await from.command(["MIGRATE", "127.0.0.1", "\(to.port)", "", "0", "5000", "KEYS"] + keys)
        }
        for server in [to, from] { try await self.expectOK(server, "CLUSTER", "SETSLOT", "\(slot)", "NODE", toID) }
        try await eventually("everybody knows of the slot") {
            try await self.owner(of: slot) == target
        }
    }

    private func expectOK(_ server: RedisServer, _ words: String...) async throws {
        let reply = try await server.command(words)
        guard reply == .status("OK") else { throw ServerError("\(words.joined(separator: " ")): \(reply)") }
    }

    private static func id(_ server: RedisServer) async throws -> String {
        guard let id = try await server.command("CLUSTER", "MYID").text else {
            throw ServerError("A server has no id.")
        }
        return id
    }
}
