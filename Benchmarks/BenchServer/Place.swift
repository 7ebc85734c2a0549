// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions
import SessionsDirectory
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

/// Where a server keeps its sessions.
enum Place: ExpressibleByArgument {
    case flask
    case sealed
    case memory
    case directory(String)
    case sqlite(String)
    case redis(String)
    case postgres(String)

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count > 1 ? parts[1] : nil) {
        case ("flask", nil): self = .flask
        case ("sealed", nil): self = .sealed
        case ("memory", nil): self = .memory
        case ("directory", let path?): self = .directory(path)
        case ("sqlite", let path?): self = .sqlite(path)
        case ("redis", .some): self = .redis(argument)
        case ("postgres", .some): self = .postgres(argument)
        default: return nil
        }
    }

    /// The default settings of the place, with Flask's cookie, which needs no HTTPS.
    func configuration() throws -> SessionConfiguration {
        if case .flask = self { return .flask }
        var configuration = SessionConfiguration()
        configuration.cookie = .flask
        switch self {
        case .flask, .sealed: break
        case .memory: configuration.place = .stored(in: MemoryStore())
        case .directory(let path): configuration.place = .stored(in: try DirectoryStore(path: path))
        case .sqlite(let path): configuration.place = .stored(in: try SQLiteStore(path: path))
        case .redis(let url): configuration.place = .stored(in: try RedisStore(url: url))
        case .postgres(let url): configuration.place = .stored(in: try PostgresStore(url))
        }
        return configuration
    }

    /// 49 letters that protect nothing: the server is on the loopback interface, and gone a minute later.
    static let key: SecretKey = "a key of a benchmark, whose sessions mean nothing"
}
