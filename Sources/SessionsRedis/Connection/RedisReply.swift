// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A server's reply to a command (RESP 2).
enum RedisReply: Sendable, Hashable {
    case bytes([UInt8])
    case status(String)
    case integer(Int)
    case null
    case error(RedisServerError)
    case array([RedisReply])

    var bytes: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// A bulk string as text.
    var text: String? { self.bytes.map { String(decoding: $0, as: UTF8.self) } }

    var integer: Int? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }

    var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var error: RedisServerError? {
        guard case .error(let error) = self else { return nil }
        return error
    }
}
