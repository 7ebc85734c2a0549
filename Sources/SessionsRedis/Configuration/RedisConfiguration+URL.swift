// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOSSL

extension RedisConfiguration {
    /// A configuration from a URL.
    ///
    /// | URL | servers |
    /// |---|---|
    /// | `redis://user:password@host:6379/2?prefix=app` | one, and the number of the database |
    /// | `redis+sentinel://h1:26379,h2:26379/primary-name/2` | the primary that the sentinels name |
    /// | `redis+cluster://h1:6379,h2:6379` | a cluster |
    /// | `unix://user:password@/run/redis.sock?db=2&prefix=app` | one, at a Unix socket of this machine |
    ///
    /// `rediss` in place of `redis` turns TLS on. `valkey` and `valkeys` mean the same two; `redis+unix` means the same
    /// as `unix`. Everything but the hosts may be left out: the user (`:password@`), the ports (6379, and 26379 for
    /// sentinels), the database (0) and the prefix (`dewar`). IPv6 addresses are in brackets. Reserved characters in
    /// names and passwords are percent-encoded. The sentinels' own password is not in the URL: see
    /// ``sentinelPassword``.
    ///
    /// - Throws: ``RedisStoreError``. Its message says what is wrong but does not quote the URL, which has the
    ///   password.
    public init(url: String) throws(RedisStoreError) {
        let parts = try RedisURL(url)
        self.init(try parts.servers())
        if parts.isEncrypted { self.tls = .makeClientConfiguration() }
        self.username = parts.username
        self.password = parts.password
        self.database = try parts.database()
        if let prefix = try parts.prefix() { self.prefix = prefix }
        try self.validate()
    }

    /// Refuses settings that cannot work.
    func validate() throws(RedisStoreError) {
        let prefix = Array(self.prefix.utf8)
        // Braces would send every session to one server of a cluster.
        let isPlain = prefix.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}")
        }
        guard isPlain, 1...64 ~= prefix.count else {
            throw Self.invalid("The prefix of Redis keys is 1 to 64 ASCII characters without spaces and braces.")
        }
        guard self.database >= 0 else { throw Self.invalid("The number of a Redis database is 0 or more.") }
        if self.username != nil, self.password == nil { throw Self.invalid("A Redis user needs a password.") }
        switch self.servers {
        case .standalone(let address):
            if let path = address.socketPath { try self.validate(socketPath: path) }
        case .sentinel(let addresses, let primary):
            guard !addresses.isEmpty, !primary.isEmpty, addresses.allSatisfy({ $0.socketPath == nil }) else {
                throw Self.invalid("Redis sentinels need an address and the name of the primary.")
            }
        case .cluster(let addresses):
            guard !addresses.isEmpty, addresses.allSatisfy({ $0.socketPath == nil }) else {
                throw Self.invalid("A Redis cluster needs the address of a server, a host and a port.")
            }
            guard self.database == 0 else { throw Self.invalid("A Redis cluster has no database but 0.") }
        }
        for timeout in [self.connectTimeout, self.commandTimeout, self.operationTimeout] {
            guard timeout > .zero, timeout <= .seconds(3600) else {
                throw Self.invalid("A timeout for Redis is longer than nothing and at most an hour.")
            }
        }
        guard 1...1000 ~= self.connectionsPerServer, self.maximumPendingCommands > 0, self.maximumPendingBytes > 0,
            1...(256 << 20) ~= self.maximumRecordSize
        else { throw Self.invalid("A limit for Redis is out of range.") }
    }

    private func validate(socketPath: String) throws(RedisStoreError) {
        // The length of a socket's path, with the zero at the end: 104 bytes on Darwin, 108 on Linux.
        guard socketPath.hasPrefix("/"), 2...103 ~= socketPath.utf8.count, !socketPath.utf8.contains(0) else {
            throw Self.invalid(
                "The Unix socket of a Redis server is an absolute path of 103 bytes at most: unix:///run/redis.sock")
        }
        guard self.tls == nil else { throw Self.invalid("A Unix socket of a Redis server has no TLS.") }
    }

    static func invalid(_ message: String) -> RedisStoreError {
        RedisStoreError(.invalidConfiguration, message)
    }
}
