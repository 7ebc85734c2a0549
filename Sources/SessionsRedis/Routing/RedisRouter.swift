// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Knows which server has a key.
protocol RedisRouter: Sendable {
    /// Whether two keys may be on two servers.
    var isCluster: Bool { get }

    /// The server that has a key.
    func node(for key: [UInt8]) async throws -> RedisNode

    /// The server at an address that another server has named.
    func node(at address: RedisAddress) -> RedisNode

    /// The servers that have all keys between them, in an order that stays; none when there is only one.
    func servers() async throws -> [RedisAddress]

    /// Notes that a slot has moved for good.
    func move(slot: Int, to address: RedisAddress)

    /// Notes that a server failed. Its role or its slots may have changed, so the router looks for the current servers.
    func doubt(_ node: RedisNode, after error: RedisStoreError)

    /// Takes no more commands, and returns when those in flight have finished.
    func shutdown() async
}
