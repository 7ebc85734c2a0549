// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

/// The store that is measured.
enum StoreKind: String {
    case memory
    case directory
    case sqlite

    /// A new, empty store under a name in a folder.
    func open(_ name: String, in folder: URL) throws -> any SessionStore {
        let path = folder.appendingPathComponent(name).path
        return switch self {
        case .memory: MemoryStore()
        case .directory: try DirectoryStore(path: path)
        case .sqlite: try SQLiteStore(path: path)
        }
    }

    /// The store that a name or the URL of a server stands for.
    static func store(_ name: String, in folder: URL) throws -> any SessionStore {
        guard let kind = StoreKind(rawValue: name) else { return try Self.server(name) }
        return try kind.open("store", in: folder)
    }

    /// The store at `sqlite:PATH`, or in the Redis or PostgreSQL at a URL.
    static func server(_ url: String) throws -> any ScannableSessionStore {
        if url.hasPrefix("sqlite:") { return try SQLiteStore(path: String(url.dropFirst("sqlite:".count))) }
        return url.hasPrefix("postgres") ? try PostgresStore(url) : try RedisStore(url: url)
    }
}
