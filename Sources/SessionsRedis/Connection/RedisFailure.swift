// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why there is no reply, and so whether the commands may be sent again.
enum RedisFailure: Error {
    /// Nothing has left this process, or the server said that it did nothing: any command may be tried again.
    case notSent(RedisStoreError)
    /// The commands were sent, and the server may have done them, may do them yet, or may never.
    case lost(RedisStoreError)

    var error: RedisStoreError {
        switch self {
        case .notSent(let error), .lost(let error): error
        }
    }
}
