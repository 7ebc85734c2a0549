// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where a Redis server or a sentinel listens.
public struct RedisAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address; one of IPv6 without brackets.
    public let host: String
    /// The port.
    public let port: Int

    /// An address: `RedisAddress(host: "127.0.0.1")`.
    public init(host: String, port: Int = 6379) {
        self.host = host
        self.port = port
    }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
