// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension FuzzTarget {
    /// Each step is a byte that says which, and what it needs.
    static let redisChannel = FuzzTarget(
        "redis-channel", "what happens on a connection to a Redis server", maximumLength: 1024
    ) { input in try FuzzRedisConnection().play(input) }
}
