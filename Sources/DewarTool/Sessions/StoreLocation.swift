// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsDirectory

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a store is, from the command line. It may have a password in it, so that it is never printed.
enum StoreLocation {
    case directory(String)
    case sqlite(String)
    case redis(String)
    case postgres(String)

    static let forms = "directory:PATH, sqlite:PATH, redis://…, rediss://…, redis+cluster://…, unix://… or postgres://…"

    /// Nil for any other text.
    init?(_ text: String) {
        let schemes = [
            "redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster", "unix",
        ]
        if let path = Self.rest(of: text, after: "directory:") {
            self = .directory(path)
        } else if let path = Self.rest(of: text, after: "sqlite:") {
            self = .sqlite(path)
        } else if ["postgres://", "postgresql://"].contains(where: text.hasPrefix) {
            self = .postgres(text)
        } else if schemes.contains(where: { text.hasPrefix($0 + "://") }) {
            self = .redis(text)
        } else {
            return nil
        }
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count, !text.utf8.contains(0) else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    /// Whether the table's name can be chosen.
    var hasTable: Bool {
        switch self {
        case .sqlite, .postgres: true
        case .directory, .redis: false
        }
    }

    /// The engine, without the place.
    var engine: String {
        switch self {
        case .directory: "directory"
        case .sqlite: "SQLite"
        case .redis: "Redis"
        case .postgres: "PostgreSQL"
        }
    }

    /// Opens a store.
    ///
    /// - Parameter creates: Whether a store that is not there is made. A command that only looks must not leave an
    ///   empty store behind where the path was mistyped.
    func open(table: String?, creates: Bool) async throws -> OpenStore {
        switch self {
        case .directory(let path):
            guard creates || Self.names(in: path + "/records") != nil else {
                throw ToolError("There are no sessions in the folder \(Printable.text(path)).")
            }
            return OpenStore(store: try DirectoryStore(path: path))
        case .sqlite(let path):
            return try CommandParts.sqlite(path, table: table, creates: creates)
        case .redis(let url):
            return try CommandParts.redis(url)
        case .postgres(let url):
            return try CommandParts.postgres(url, table: table, creates: creates)
        }
    }

    /// The names in a folder; nil when there is no folder that can be read.
    private static func names(in path: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: path)
    }
}
