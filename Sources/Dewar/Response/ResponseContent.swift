// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HummingbirdCore

/// The body of a response: bytes, or a stream of them.
public enum ResponseContent: Sendable {
    /// All of it, known before it is sent.
    case bytes([UInt8])
    /// Written while it is sent, after the session has been committed.
    case stream(ResponseBody)
}
