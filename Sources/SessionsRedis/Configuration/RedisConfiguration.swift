// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import NIOSSL

/// Where the servers are, who signs in, and how long what may take.
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
        /// A primary by its name, as these sentinels know it.
        case sentinel([RedisAddress], primary: String)
        /// A cluster, which is found through any of these servers.
        case cluster([RedisAddress])
    }

    /// How the servers belong together.
    public var servers: Servers
    /// Who signs in; nil for the default user.
    public var username: String?
    /// The user's password; nil for no login.
    public var password: String? {
        get { self.secret.text }
        set { self.secret.text = newValue }
    }
    /// Who signs in to the sentinels; nil for their default user.
    public var sentinelUsername: String?
    /// The password for the sentinels; nil for no login.
    public var sentinelPassword: String? {
        get { self.sentinelSecret.text }
        set { self.sentinelSecret.text = newValue }
    }
    /// The number of the database; a cluster has only 0.
    public var database = 0
    /// What the store's keys begin with, so that several apps may share a server.
    public var prefix = "dewar"
    /// How TLS is done, sentinels included; nil for none.
    public var tls: TLSConfiguration?

    /// How long connecting may take; and then, as long again, TLS with signing in.
    public var connectTimeout: Duration = .seconds(2)
    /// How long an answer may take. Then the connection is closed, for it is not known what comes next on it.
    public var commandTimeout: Duration = .seconds(2)
    /// How long an operation is tried: while servers are restarted or fail over, requests wait so long for them. A
    /// server whose outage lasts longer than that is known to be down, and requests fail at once until a try to
    /// connect, which the store makes twice a second, succeeds; after a wrong password they do at once. The same holds
    /// for a server that answers and refuses to serve (a replica refuses writes), where each request is tried once. The
    /// last try may take twice ``connectTimeout`` and ``commandTimeout`` beyond that, for each sentinel or server that
    /// it asks on its way, and a write whose answer was lost is then looked for as long again.
    public var operationTimeout: Duration = .seconds(5)
    /// How many connections a server gets. All callers share them, so a few are enough.
    public var connectionsPerServer = 2
    /// How many commands may be under way, to each server and in all; more are refused at once.
    public var maximumPendingCommands = 10_000
    /// How many bytes of commands may be under way, to each server and in all; more are refused at once.
    public var maximumPendingBytes = 64 << 20
    /// The largest session that is written or read, in bytes, before it is compressed.
    public var maximumRecordSize = 8 << 20

    private var secret = Secret()
    private var sentinelSecret = Secret()

    /// A configuration with everything else as it is unless said otherwise.
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
