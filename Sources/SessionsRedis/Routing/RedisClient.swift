// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Runs commands: finds the server, follows redirections, loads scripts, and retries what may be retried.
struct RedisClient: Sendable {
    let router: any RedisRouter
    /// Counts the commands in flight, sent or not.
    let quota: Quota
    /// How long a command may take, retries included.
    private let timeout: Duration

    init(router: any RedisRouter, quota: Quota, timeout: Duration) {
        self.router = router
        self.quota = quota
        self.timeout = timeout
    }

    /// The reply, which is no error.
    ///
    /// - Throws: ``RedisStoreError``; `CancellationError` when the task is cancelled; ``RedisFailure/lost(_:)`` for a
    ///   command that may not be repeated and whose reply was lost.
    func run(_ command: RedisCommand) async throws -> RedisReply {
        let size = command.size
        try self.quota.enter(commands: 1, bytes: size)
        defer { self.quota.leave(commands: 1, bytes: size) }
        var attempts = Attempts(command, deadline: .now + self.timeout)
        while true {
            if let reply = try await self.attempt(&attempts) { return reply }
        }
    }

    /// One attempt; nil when another one must follow.
    private func attempt(_ attempts: inout Attempts) async throws -> RedisReply? {
        let target = attempts.target
        do {
            let node = try await self.node(target, attempts.command.key)
            do {
                let reply = try await Self.send(attempts.command, to: node, target)
                guard let error = reply.error else {
                    node.served(attempts.command)
                    return reply
                }
                do {
                    try attempts.take(error, from: node.host)
                } catch RedisFailure.notSent(let refusal) where node.refused(attempts.command, refusal) {
                    throw RedisFailure.down(refusal)
                }
                if let moved = attempts.moved { self.router.move(slot: moved.slot, to: moved.address) }
                return nil
            } catch let failure as RedisFailure {
                self.router.doubt(node, after: failure.error)
                throw failure
            }
        } catch let failure as RedisFailure {
            try await Task.sleep(for: try attempts.pause(after: failure))
            return nil
        }
    }

    private func node(_ target: Attempts.Target, _ key: [UInt8]) async throws -> RedisNode {
        switch target {
        case .owner: try await self.router.node(for: key)
        case .asked(let address): self.router.node(at: address)
        }
    }

    private static func send(
        _ command: RedisCommand, to node: RedisNode, _ target: Attempts.Target
    ) async throws -> RedisReply {
        // The new server of a moving slot serves only commands that follow `ASKING`.
        let commands = target == .owner ? [command] : [RedisCommand("ASKING"), command]
        let replies = try await node.send(commands)
        return replies[replies.count - 1]
    }

    func shutdown() async {
        await self.router.shutdown()
    }
}
