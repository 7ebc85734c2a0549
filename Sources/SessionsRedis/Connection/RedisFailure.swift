// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why there is no reply, and so whether the commands may be sent again.
enum RedisFailure: Error {
    /// Nothing has left this process, or the server said that it did nothing: any command may be tried again.
    case notSent(RedisStoreError)
    /// The server is known to be down, or to refuse such commands: nothing was sent or done, and to try again is no use
    /// for now.
    case down(RedisStoreError)
    /// The commands were sent, and the server may have done them, may do them yet, or may never.
    case lost(RedisStoreError)

    var error: RedisStoreError {
        switch self {
        case .notSent(let error), .down(let error), .lost(let error): error
        }
    }
}
