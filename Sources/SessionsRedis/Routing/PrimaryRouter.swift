// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One server has everything: a standalone one, or the primary that the sentinels name when they are asked.
struct PrimaryRouter: RedisRouter {
    let primary: RedisNode

    var isCluster: Bool { false }

    func node(for key: [UInt8]) -> RedisNode { self.primary }

    /// Only servers of a cluster tell of others.
    func node(at address: RedisAddress) -> RedisNode { self.primary }

    func move(slot: Int, to address: RedisAddress) {}

    /// Connections to what was the primary may live on. The next one goes to what is the primary then.
    func doubt(_ node: RedisNode, after error: RedisStoreError) {
        if error.kind == .timedOut { node.reconnect() }
        if error.kind == .readOnly { node.reconnectSeldom() }
    }

    func shutdown() async {
        await self.primary.shutdown()
    }
}
