// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why there is no reply. The case decides whether the commands may be sent again.
enum RedisFailure: Error {
    /// Nothing has left this process, or the server said that it did nothing. Any command may be tried again.
    case notSent(RedisStoreError)
    /// The server is known to be down, or to refuse such commands. Nothing was done, and for now another try is of no
    /// use.
    case down(RedisStoreError)
    /// The commands were sent. The server may have done them, may still do them, or may never do them.
    case lost(RedisStoreError)

    var error: RedisStoreError {
        switch self {
        case .notSent(let error), .down(let error), .lost(let error): error
        }
    }
}
