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
/// Connections are opened when they are needed. As a service the store ends in order: what is under way is finished
/// first.
///
/// ```swift
/// let application = Application(router: router, services: [store])
/// ```
///
/// **Cost.** To read a session is one round trip, to change it one more. All callers share a few connections, on which
/// commands follow each other without waiting. Values are compressed when that makes them shorter.
///
/// **Processes.** Any number of them may share the servers. Compare and set are one script, so nothing comes between
/// them.
///
/// **Failures.** What cannot be sent is tried again for ``RedisConfiguration/operationTimeout``, so that a restart or a
/// failover is a slow request and not an error. When an answer is lost, reading and removing are done again. A write is
/// too: it carries a mark by which the script knows it again, so it neither happens twice nor is taken for somebody
/// else's. Where even that leaves it open whether it happened (the record has been replaced twice since, or it was a
/// new one and is not there), the error says that the connection was lost. What a server acknowledged and then lost by
/// itself (asynchronous replication, `appendfsync everysec`) is lost.
///
/// **Expiry.** Redis removes sessions by itself, a minute after their end; until then they are there, and absent. The
/// clocks of the app's machines should agree within that minute. Redis' own clock does not matter. Set
/// `maxmemory-policy` to `noeviction`: with any other one a full server signs people out, and no error says so.
///
/// **At rest.** Nothing in it lets anybody in, but the sessions' values are there to be read, unless they are encrypted
/// (``SessionConfiguration/encryptsStoredValues``).
///
/// **Keys.** A session is the string `prefix:{id}`, with the id in hex. A user's list is the sorted set
/// `prefix:user:{…}`, with half of the SHA-256 of the user's name. The list may name sessions that are gone; it is read
/// in pages and checked against the records, and what is wrong for a minute is taken out. An ACL user needs
/// `~prefix:* +get +getrange +set +del +zrange +zcount +zadd +zrem +zscore +zremrangebyscore +pttl +pexpire +eval
/// +evalsha`, and `+select`, `+role` (with sentinels) or `+cluster|slots` and `+asking` (in a cluster) where those are
/// used.
///
/// Redis has to be 6.0 or newer. hiredis is the system's: `apt install libhiredis-dev` to build.
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

    /// A store with a configuration. Nothing is connected yet.
    ///
    /// - Parameters:
    ///   - configuration: Where the servers are, and how long what may take.
    ///   - eventLoopGroup: The threads that the connections are on.
    ///   - logger: Told when a server goes and when it is back.
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

    /// Takes no more operations, and returns when those under way have ended and the connections are closed.
    public func shutdown() async {
        await self.client.shutdown()
    }
}
