// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
public import NIOCore
public import NIOPosix

/// Keeps sessions in Redis or Valkey: one server, a primary that sentinels watch, or a cluster.
///
/// ```swift
/// let store = try RedisStore(url: "redis://app:secret@cache.internal:6379/0?prefix=shop")
/// let sessions = try SessionManager(keys: keys, configuration: .stored(in: store))
/// ```
///
/// Connections are opened when they are needed. As a service the store shuts down in order: operations in flight finish
/// first.
///
/// ```swift
/// let application = Application(router: router, services: [store])
/// ```
///
/// **Cost.** Reading a session is one round trip; changing it is one more. All callers share a few connections, on
/// which commands are pipelined. Records of 512 bytes and more are compressed when that makes them shorter.
///
/// **Processes.** Any number of processes may share the servers. Compare-and-set is one script, so no other command
/// comes between the comparison and the write.
///
/// **Failures.** A command that cannot be sent is retried for ``RedisConfiguration/operationTimeout``, so a restart or
/// a failover makes a request slow but is no error. When an answer is lost, reads and removals are repeated. So are
/// writes: each carries a random number by which the script recognises it, so a write neither happens twice nor is
/// taken for another process's write. In three cases the store still cannot tell whether a write happened: the record
/// has been replaced twice since, it was a new record and is not there, or the server cannot be asked. Then the error
/// says that the connection was lost or that no answer came. It says the former too when a cluster has stored a session
/// and not its entry in the user's list. A write that a server acknowledged and then lost by itself (asynchronous
/// replication, `appendfsync everysec`) is lost.
///
/// **Expiry.** Redis removes a session a minute after it expires; in that minute the store already reports it as
/// absent. The clocks of the application's machines should agree within that minute. Redis' own clock keeps one that is
/// ahead from taking live sessions out of a user's list, and does not matter otherwise. Set `maxmemory-policy` to
/// `noeviction`: with any other policy a full server removes sessions without an error, which signs users out.
///
/// **At rest.** An attacker with a copy of the data cannot open a session with it, but can read the sessions' values,
/// unless they are encrypted (`encryptsValues` of `SessionPlace.stored`).
///
/// **Keys.** A session is the string `prefix:{id}`, with the id in hex. A user's list is the sorted set
/// `prefix:user:{…}`, with half of the SHA-256 of the user's name. The list may name sessions that are gone; the store
/// reads it in pages, checks it against the records, and removes entries that have been wrong for a minute. An ACL user
/// needs `~prefix:* +get +getrange +set +del +zrange +zcount +zadd +zrem +zscore +zremrangebyscore +pttl +pexpire +time
/// +eval +evalsha`, and `+select`, `+role` (with sentinels) or `+cluster|slots` and `+asking` (in a cluster) where
/// those are used. Without `+time` the application's clocks alone keep the lists. The user of an operator who lists
/// sessions needs `+scan`.
///
/// Redis must be 6.0 or newer. hiredis comes from the system: `apt install libhiredis-dev` to build.
public struct RedisStore: Sendable {
    let client: RedisClient
    let keys: SessionKeys
    let maximumRecordSize: Int

    /// A store at a URL: ``RedisConfiguration/init(url:)``.
    public init(
        url: String, eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "dewar.redis")
    ) throws(RedisStoreError) {
        try self.init(try RedisConfiguration(url: url), eventLoopGroup: eventLoopGroup, logger: logger)
    }

    /// A store with a configuration. It does not connect yet.
    ///
    /// - Parameters:
    ///   - configuration: The servers, the timeouts and the limits.
    ///   - eventLoopGroup: The event loops of the connections.
    ///   - logger: Logs when a server is lost and when it is back.
    /// - Throws: ``RedisStoreError`` when the configuration makes no sense.
    public init(
        _ configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "dewar.redis")
    ) throws(RedisStoreError) {
        self.client = try configuration.client(on: eventLoopGroup, logger: logger)
        self.keys = SessionKeys(prefix: configuration.prefix)
        self.maximumRecordSize = configuration.maximumRecordSize
    }

    /// Takes no more operations, and returns when those in flight have finished and the connections are closed.
    public func shutdown() async {
        await self.client.shutdown()
    }
}
