// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration

/// A place that settings come from: the environment, a file, or a reader that the program brings.
struct SettingsSource {
    private enum Place {
        case environment
        case file(String)
        case unknown
    }

    let reader: ConfigReader
    private let place: Place

    /// The variables of the environment.
    static func environment(_ variables: EnvironmentVariablesProvider) -> SettingsSource {
        SettingsSource(reader: ConfigReader(provider: variables), place: .environment)
    }

    static func file(_ path: String, _ contents: some ConfigProvider) -> SettingsSource {
        SettingsSource(reader: ConfigReader(provider: contents), place: .file(path))
    }

    /// A reader that does not tell where its values come from.
    static func reader(_ reader: ConfigReader) -> SettingsSource {
        SettingsSource(reader: reader, place: .unknown)
    }

    /// Whether a setting has a value here, of whatever kind. An empty text counts as not set, except in a file: a
    /// deployment without a domain may have `SESSION_COOKIE_DOMAIN=`.
    func sets(_ key: ConfigKey) -> Bool {
        if let text = self.reader.string(forKey: key, isSecret: true) { return !text.isEmpty || self.keepsEmptyText }
        return self.reader.double(forKey: key, isSecret: true) != nil
            || self.reader.bool(forKey: key, isSecret: true) != nil
            || self.reader.stringArray(forKey: key, isSecret: true) != nil
            || self.reader.doubleArray(forKey: key, isSecret: true) != nil
            || self.reader.boolArray(forKey: key, isSecret: true) != nil
    }

    /// The name of a setting and where it came from, for a message.
    func name(of key: ConfigKey) -> String {
        let name = key.components.joined(separator: ".")
        return switch self.place {
        case .environment: "\(name) (environment variable \(Self.variable(for: key)))"
        case .file(let path): "\(name) (file \(path))"
        case .unknown: name
        }
    }

    /// The path, for a file.
    var filePath: String? {
        if case .file(let path) = self.place { return path }
        return nil
    }

    /// A file does not hold an empty text by accident.
    private var keepsEmptyText: Bool { self.filePath != nil }

    /// `session.cookie.name` is SESSION_COOKIE_NAME, and `secretKey` is SECRET_KEY.
    private static func variable(for key: ConfigKey) -> String {
        key.components.map { component in
            component.reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : "\($1)" }
        }.joined(separator: "_").uppercased()
    }
}
