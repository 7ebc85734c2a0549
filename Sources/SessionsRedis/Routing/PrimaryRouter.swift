// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One server has all keys: a standalone server, or the primary that the sentinels name.
struct PrimaryRouter: RedisRouter {
    let primary: RedisNode

    var isCluster: Bool { false }

    func node(for key: [UInt8]) -> RedisNode { self.primary }

    func servers() -> [RedisAddress] { [] }

    /// Only a cluster's servers redirect to others.
    func node(at address: RedisAddress) -> RedisNode { self.primary }

    func move(slot: Int, to address: RedisAddress) {}

    /// Connections to the old primary may stay open. A new connection goes to the current primary.
    func doubt(_ node: RedisNode, after error: RedisStoreError) {
        if error.kind == .timedOut { node.reconnect() }
        if error.kind == .readOnly { node.reconnectSeldom() }
    }

    func shutdown() async {
        await self.primary.shutdown()
    }
}
