// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix
import NIOSSL

/// An error of a Redis store. No message contains a session's values, a password, or the text of a server's error.
public struct RedisStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidConfiguration, unreachable, denied, timedOut, connectionLost, queueFull, full, readOnly,
                unavailable, closed, damaged, tooLarge, failed
        }

        let value: Value

        /// A URL or a setting that makes no sense.
        public static let invalidConfiguration = Kind(value: .invalidConfiguration)
        /// No server can be reached.
        public static let unreachable = Kind(value: .unreachable)
        /// The server refuses the user, the password, or a command that the user may not run.
        public static let denied = Kind(value: .denied)
        /// A server took too long to answer. A write may have happened.
        public static let timedOut = Kind(value: .timedOut)
        /// The connection broke before the answer came, or a part of a cluster failed. A write may have happened.
        public static let connectionLost = Kind(value: .connectionLost)
        /// Too many commands are in flight; this one was not taken.
        public static let queueFull = Kind(value: .queueFull)
        /// The server has no memory left, or cannot save to its disk. Stored sessions are kept.
        public static let full = Kind(value: .full)
        /// The server is a replica and refuses writes.
        public static let readOnly = Kind(value: .readOnly)
        /// The servers answer but cannot serve (yet): they are loading, have no primary, or no server has some of the
        /// cluster's slots.
        public static let unavailable = Kind(value: .unavailable)
        /// The store was shut down.
        public static let closed = Kind(value: .closed)
        /// The key of a session holds something that is not a session.
        public static let damaged = Kind(value: .damaged)
        /// The session is larger than ``RedisConfiguration/maximumRecordSize``.
        public static let tooLarge = Kind(value: .tooLarge)
        /// Any other failure.
        public static let failed = Kind(value: .failed)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened, and what to do about it.
    public let message: String

    /// The message.
    public var description: String { self.message }

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension RedisStoreError {
    static let connectionLost = RedisStoreError(.connectionLost, "The connection to the Redis server was lost.")
    static let replyTimedOut = RedisStoreError(.timedOut, "The Redis server did not answer in time.")
    static let malformedReply = RedisStoreError(
        .failed, "What answers at the Redis server's address does not speak its protocol; its connection was closed.")
    static let replyTooLarge = RedisStoreError(
        .failed, "The Redis server sent a reply that is larger than any session.")
    static let notPrimary = RedisStoreError(
        .unavailable, "The Redis server that should be the primary is a replica (yet).")
    static let closed = RedisStoreError(.closed, "The Redis store was shut down.")
    static let queueFull = RedisStoreError(
        .queueFull, "Too many Redis commands are under way; see RedisConfiguration.maximumPendingCommands.")
    static let damaged = RedisStoreError(
        .damaged, "The Redis key of a session holds something that this library did not write, or no longer in full.")
    static let unorderedList = RedisStoreError(
        .failed, "The Redis server gave a page of a user's list that does not follow the page before.")

    /// A cluster has a session, and not its entry in the list of the user's sessions. The reason for that says that
    /// nothing was written.
    static func unlisted(_ error: RedisStoreError) -> RedisStoreError {
        RedisStoreError(
            .connectionLost,
            "The Redis cluster has stored a session, and failed to put it into its user's list (\(error.kind)).")
    }

    /// The error for an error reply; only its code is used.
    init(_ error: RedisServerError) {
        switch error.code {
        case _ where error.isOutOfMemory:
            self.init(.full, "The Redis server has reached its maxmemory; nothing was written.")
        case _ where error.isOutOfDisk:
            self.init(.full, "The Redis server cannot save its data to the disk (MISCONF); nothing was written.")
        case _ where error.isReadOnly:
            self.init(.readOnly, "The Redis server is a replica, which may only be read.")
        case "NOAUTH":
            self.init(.denied, "The Redis server asks for a password.")
        case "WRONGPASS":
            self.init(.denied, "The Redis server does not accept the user's name or the password.")
        case "NOPERM":
            self.init(.denied, "The Redis user may not run a command, or not on the store's keys (NOPERM).")
        case "WRONGTYPE":
            self.init(.damaged, "A Redis key with the store's prefix holds another type of value (WRONGTYPE).")
        case _ where error.isPassing:
            self.init(.unavailable, "The Redis server cannot serve for now (\(error.code)).")
        default:
            self.init(.failed, "The Redis server refused a command (\(error.code)).")
        }
    }

    /// The error for what a channel threw before or after it was connected.
    init(connecting error: any Error, to address: RedisAddress? = nil) {
        let server = address.map { "The Redis server \($0)" } ?? "The Redis server"
        switch error {
        case let error as RedisStoreError:
            self = error
        case let error as RedisFailure:
            self = error.error
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            self.init(.unreachable, "\(server) and this process cannot agree on TLS: \(error)")
        case let error as IOError:
            self.init(.unreachable, "\(server) cannot be reached (error number \(error.errnoCode)).")
        case let error as NIOConnectionError:
            let number = error.connectionErrors.lazy.compactMap { ($0.error as? IOError)?.errnoCode }.first
            let reason = number.map { "error number \($0)" } ?? "its name is not known"
            self.init(.unreachable, "\(server) cannot be reached (\(reason)).")
        default:
            self.init(.unreachable, "\(server) cannot be reached (\(type(of: error))).")
        }
    }
}
