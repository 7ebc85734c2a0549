// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import NIOCore
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if HAVE_POSTGRES
import SessionsPostgres
#endif
#if HAVE_REDIS
import SessionsRedis
#endif
#if HAVE_SQLITE
import SessionsSQLite
#endif
#if HAVE_TLS
import NIOSSL
#endif

/// What takes as long to build as all the rest: the stores that need an engine's client, and TLS. The command has all of
/// it, unless it is built with some parts alone (`DEWAR_PARTS` in the manifest).
enum CommandParts {
    static func sqlite(_ path: String, table: String?, creates: Bool) throws -> OpenStore {
        #if HAVE_SQLITE
        guard creates || FileManager.default.fileExists(atPath: path) else {
            throw ToolError("There is no file \(Printable.text(path)).")
        }
        let table = table ?? SQLiteStore.defaultTable
        return OpenStore(
            store: creates ? try SQLiteStore(path: path, table: table) : try SQLiteStore(existing: path, table: table))
        #else
        throw Self.missing("SQLite")
        #endif
    }

    static func redis(_ url: String) throws -> OpenStore {
        #if HAVE_REDIS
        let store = try RedisStore(url: url, logger: Logger(label: "dewar") { _ in SwiftLogNoOpLogHandler() })
        return OpenStore(store: store) { await store.shutdown() }
        #else
        throw Self.missing("Redis")
        #endif
    }

    static func postgres(_ url: String, table: String?, creates: Bool) throws -> OpenStore {
        #if HAVE_POSTGRES
        let table = table ?? PostgresStore.defaultTable
        let store = creates ? try PostgresStore(url, table: table) : try PostgresStore(existing: url, table: table)
        return OpenStore(store: store) { await store.shutdown() }
        #else
        throw Self.missing("Postgres")
        #endif
    }

    /// What makes the handler with which a connection to this host speaks TLS.
    static func tls(host: String) throws -> @Sendable () throws -> any ChannelHandler {
        #if HAVE_TLS
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        // A certificate for an address is checked without a name.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return { try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host) }
        #else
        throw Self.missing("TLS")
        #endif
    }

    static func isTLSError(_ error: any Error) -> Bool {
        #if HAVE_TLS
        return error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError
        #else
        return false
        #endif
    }

    private static func missing(_ part: String) -> ToolError {
        ToolError(
            "This command was built without \(part). Build it with DEWAR_PARTS=\(part), or without that variable for "
                + "everything.")
    }
}
