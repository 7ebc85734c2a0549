// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Dewar
import Logging
import SessionsSQLite

/// What stands after `--sessions`: where the examples keep their sessions.
enum SessionsOption: ExpressibleByArgument {
    case flask
    case signed
    case memory
    case directory(String?)
    case sqlite(String)

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count > 1 ? parts[1] : nil) {
        case ("flask", nil): self = .flask
        case ("signed", nil): self = .signed
        case ("memory", nil): self = .memory
        case ("directory", let path) where path != "": self = .directory(path)
        case ("sqlite", let path?) where !path.isEmpty: self = .sqlite(path)
        default: return nil
        }
    }

    static let help = "flask, signed, memory, directory[:PATH] or sqlite:PATH"

    /// Flask's cookie settings with this place for the contents.
    func configuration() throws -> SessionConfiguration {
        var configuration = SessionConfiguration.flask
        switch self {
        case .flask: break
        case .signed: configuration.format = .signed
        case .memory: configuration.store = MemoryStore()
        case .directory(let path):
            let store = try DirectoryStore(path: path)
            Logger(label: "dewar").notice("Sessions are kept in \(store.path)")
            configuration.store = store
        case .sqlite(let path): configuration.store = try SQLiteStore(path: path)
        }
        return configuration
    }
}
