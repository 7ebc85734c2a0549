// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Commands that are sent together, and their pending replies.
struct RedisRequest: Sendable {
    let bytes: ByteBuffer
    /// How many replies there will be.
    let count: Int
    let replies = PendingReplies()
    private let onEnd: @Sendable () -> Void

    /// - Parameter onEnd: Called once, when the request has left the connection, be it answered or not.
    init(_ commands: [RedisCommand], onEnd: @escaping @Sendable () -> Void = {}) throws(RedisStoreError) {
        var bytes = ByteBuffer()
        for command in commands {
            guard command.write(to: &bytes) else {
                throw RedisStoreError(.failed, "There is no memory for a command to the Redis server.")
            }
        }
        self.bytes = bytes
        self.count = commands.count
        self.onEnd = onEnd
    }

    func end(_ result: Result<[RedisReply], any Error>) {
        self.onEnd()
        self.replies.tell(result)
    }
}
