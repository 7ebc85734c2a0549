// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Several commands at once, each with a key of its own.
extension RedisClient {
    /// The commands of a batch that one server gets, by their places in the batch.
    private struct Part: Sendable {
        let node: RedisNode
        var places: [Int] = []
    }

    /// The replies to repeatable commands, in order: one round trip, to all servers that have the keys.
    ///
    /// A command without a good reply is sent again on its own, with the attempts and the errors of a single command.
    func run(_ commands: [RedisCommand]) async throws -> [RedisReply] {
        var replies = [RedisReply?](repeating: nil, count: commands.count)
        let size = commands.reduce(0) { $0 + $1.size }
        try self.quota.enter(commands: commands.count, bytes: size)
        await withTaskGroup(of: [(place: Int, reply: RedisReply)].self) { group in
            for part in await self.parts(of: commands) {
                group.addTask { await Self.replies(to: commands, of: part) }
            }
            for await part in group {
                for (place, reply) in part { replies[place] = reply }
            }
        }
        self.quota.leave(commands: commands.count, bytes: size)
        var all: [RedisReply] = []
        for (command, reply) in zip(commands, replies) {
            if let reply { all.append(reply) } else { all.append(try await self.run(command)) }
        }
        return all
    }

    /// Which server gets which of the commands. Where the server of one is not known now, the rest are in no part either:
    /// to find out costs a request to the servers, and each command that is sent by itself has a time limit for that.
    private func parts(of commands: [RedisCommand]) async -> [Part] {
        var parts: [ObjectIdentifier: Part] = [:]
        for (place, command) in commands.enumerated() {
            guard let node = try? await self.router.node(for: command.key) else { break }
            parts[ObjectIdentifier(node), default: Part(node: node)].places.append(place)
        }
        return Array(parts.values)
    }

    /// The good replies of one server.
    private static func replies(
        to commands: [RedisCommand], of part: Part
    ) async -> [(place: Int, reply: RedisReply)] {
        guard let replies = try? await part.node.send(part.places.map { commands[$0] }) else { return [] }
        let good = zip(part.places, replies).filter { $0.1.error == nil }
        if let place = good.first?.0 { part.node.served(commands[place]) }
        return good.map { (place: $0.0, reply: $0.1) }
    }
}
