// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import NIOSSL

/// The servers of a Redis store, the login, the timeouts and the limits.
///
/// ```swift
/// var configuration = try RedisConfiguration(url: "redis://app:secret@cache.internal:6379/2?prefix=shop")
/// configuration.commandTimeout = .milliseconds(500)
/// let store = try RedisStore(configuration)
/// ```
///
/// Its description leaves passwords out.
public struct RedisConfiguration: Sendable {
    /// How the servers belong together.
    public enum Servers: Sendable, Hashable {
        /// One server.
        case standalone(RedisAddress)
        /// A primary, by the name under which these sentinels watch it.
        case sentinel([RedisAddress], primary: String)
        /// A cluster. The store asks any of these servers for the others.
        case cluster([RedisAddress])
    }

    /// How the servers belong together.
    public var servers: Servers
    /// The user's name; nil for the default user.
    public var username: String?
    /// The user's password; nil for no login.
    public var password: String? {
        get { self.secret.text }
        set { self.secret.text = newValue }
    }
    /// The user's name at the sentinels; nil for their default user.
    public var sentinelUsername: String?
    /// The password for the sentinels; nil for no login.
    public var sentinelPassword: String? {
        get { self.sentinelSecret.text }
        set { self.sentinelSecret.text = newValue }
    }
    /// The number of the database; a cluster has only 0.
    public var database = 0
    /// The beginning of the store's keys. With different prefixes several applications may share a server.
    public var prefix = "dewar"
    /// The TLS configuration, also for sentinels; nil for no TLS.
    public var tls: TLSConfiguration?

    /// How long connecting may take. TLS and the login together may take as long again.
    public var connectTimeout: Duration = .seconds(2)
    /// How long an answer may take. After that the connection is closed: a late answer could be taken for the next one.
    public var commandTimeout: Duration = .seconds(2)
    /// How long an operation is retried: while servers restart or fail over, requests wait up to this long.
    ///
    /// After an outage of that length the server is known to be down, and requests fail at once until a connection
    /// succeeds. It tries again half a second after a failure. After a wrong password requests fail at once. The same
    /// holds for a server that answers but refuses to serve (a replica refuses writes); then each request is tried
    /// once.
    ///
    /// The last try may exceed this limit by twice ``connectTimeout`` plus ``commandTimeout``, for each sentinel or
    /// server that it asks. After a write whose answer was lost, the store looks for the write for as long again.
    public var operationTimeout: Duration = .seconds(5)
    /// How many connections the store opens to a server. All callers share them, so a few are enough.
    public var connectionsPerServer = 2
    /// How many commands may be in flight, to each server and in all; more are refused at once.
    public var maximumPendingCommands = 10_000
    /// How many bytes of commands may be in flight, to each server and in all; more are refused at once.
    public var maximumPendingBytes = 64 << 20
    /// The largest session that is written or read, in bytes, before it is compressed.
    public var maximumRecordSize = 8 << 20

    private var secret = Secret()
    private var sentinelSecret = Secret()

    /// A configuration for these servers; everything else has its default.
    public init(_ servers: Servers) {
        self.servers = servers
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URL, with `***` for the password.
    public var description: String { RedisURL.text(self) }

    /// The description, which shows no password.
    public var debugDescription: String { self.description }
}
