// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Dewar
import Logging
import SessionsDirectory

/// What stands after `--sessions`: where the examples keep their sessions.
enum SessionsOption: ExpressibleByArgument, Equatable {
    case flask
    case sealed
    case signed
    case memory
    case directory(String?)
    case sqlite(String)
    case redis(String)
    case postgres(String)
    case flaskSession(String)

    init?(argument: String) {
        if let place = Self.server(argument) {
            self = place
            return
        }
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count > 1 ? parts[1] : nil) {
        case ("flask", nil): self = .flask
        case ("sealed", nil): self = .sealed
        case ("signed", nil): self = .signed
        case ("memory", nil): self = .memory
        case ("directory", let path) where path != "": self = .directory(path)
        case ("sqlite", let path?) where !path.isEmpty: self = .sqlite(path)
        default: return nil
        }
    }

    static let help = """
        flask, sealed, signed, memory, directory[:PATH], sqlite:PATH, redis://HOST:PORT, postgres://USER@HOST/DATABASE, or \
        flask-session:redis://HOST:PORT
        """

    /// A place that a URL leads to.
    private static func server(_ argument: String) -> Self? {
        let prefix = "flask-session:"
        guard let scheme = argument.firstRange(of: "://").map({ argument[..<$0.lowerBound] }) else { return nil }
        switch scheme {
        case "postgres", "postgresql": return .postgres(argument)
        case _ where scheme.hasPrefix(prefix): return .flaskSession(String(argument.dropFirst(prefix.count)))
        case _ where ["redis", "valkey", "unix"].contains { scheme.hasPrefix($0) }: return .redis(argument)
        default: return nil
        }
    }

    /// Flask's cookie settings with this place for the contents.
    ///
    /// - Parameters:
    ///   - formats: Formats of cookies that are read too; a store takes their sessions over.
    ///   - revocations: The store with the list of sessions that have ended, for sealed cookies.
    ///   - purge: How often a store removes expired sessions.
    func configuration(
        accepting formats: [SessionFormat], revocations: SessionsOption?, purge: PurgeSchedule
    ) throws -> SessionConfiguration {
        let list = try revocations.map { option in
            guard let store = try option.store() else { throw ValidationError("--revocations takes a store.") }
            return SessionRevocations.shared(in: store, staleness: .seconds(2))
        }
        var configuration = SessionConfiguration.flask
        configuration.forbidsCaching = self != .flask
        switch self {
        case .flask: configuration.place = .cookies(.flask, accepting: formats, revocations: list)
        case .sealed: configuration.place = .cookies(.sealed, accepting: formats, revocations: list)
        case .signed: configuration.place = .cookies(.signed, accepting: formats, revocations: list)
        case .flaskSession(let url):
            guard formats.isEmpty else {
                throw ValidationError("Flask-Session's cookies hold ids; --accept is for others.")
            }
            return try ExampleParts.flaskSession(url)
        case .memory, .directory, .sqlite, .redis, .postgres:
            if let store = try self.store() {
                configuration.place = .stored(
                    in: store, purge: purge, accepting: formats, revocations: list)
            }
        }
        return configuration
    }

    /// The store of that name; nil for what is no store.
    private func store() throws -> (any SessionStore)? {
        switch self {
        case .flask, .sealed, .signed, .flaskSession: return nil
        case .memory: return MemoryStore()
        case .directory(let path):
            let store = try DirectoryStore(path: path)
            Logger(label: "dewar").notice("Sessions are kept in \(store.path)")
            return store
        case .sqlite(let path): return try ExampleParts.sqlite(path)
        case .redis(let url): return try ExampleParts.redis(url)
        case .postgres(let url): return try ExampleParts.postgres(url)
        }
    }
}
