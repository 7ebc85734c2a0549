// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where a Redis server or a sentinel listens.
public struct RedisAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IP address, IPv6 without brackets; empty for a Unix socket.
    public let host: String
    /// The port; 0 for a Unix socket.
    public let port: Int
    /// The path of a Unix socket; nil for a host and a port.
    public let socketPath: String?

    /// An address: `RedisAddress(host: "127.0.0.1")`.
    public init(host: String, port: Int = 6379) {
        self.host = host
        self.port = port
        self.socketPath = nil
    }

    /// A Unix socket of this machine: `RedisAddress(socketPath: "/run/redis/redis.sock")`. A connection to it does not
    /// use the network; the file's permissions decide which users may connect.
    public init(socketPath: String) {
        self.host = ""
        self.port = 0
        self.socketPath = socketPath
    }

    /// `host:port`, an IPv6 address in brackets; or the path of the socket.
    public var description: String {
        if let socketPath { return socketPath }
        return self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
