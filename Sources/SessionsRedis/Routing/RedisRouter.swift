// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Knows which server has a key.
protocol RedisRouter: Sendable {
    /// Whether two keys may be on two servers.
    var isCluster: Bool { get }

    /// The server that has a key.
    func node(for key: [UInt8]) async throws -> RedisNode

    /// The server at an address that another server has told.
    func node(at address: RedisAddress) -> RedisNode

    /// A slot has moved for good.
    func move(slot: Int, to address: RedisAddress)

    /// A server did not do its work: perhaps it is not what it was, and it is time to look around.
    func doubt(_ node: RedisNode, after error: RedisStoreError)

    /// Takes no more commands, and returns when those under way have ended.
    func shutdown() async
}
