// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Configuration
public import Logging
public import Sessions
import SystemPackage

extension App {
    /// An application whose settings come from the environment and from a JSON file.
    ///
    /// The names are Flask's: `SESSION_COOKIE_SECURE=true` in the environment, or in the file
    ///
    /// ```json
    /// {
    ///     "secretKey": "base64:XzUjeTJMIkY0UTh6CuxdLw==",
    ///     "session": {"cookie": {"secure": true, "samesite": "Lax"}},
    ///     "port": 8080
    /// }
    /// ```
    ///
    /// The environment wins over the file, and an argument given here over both. The keys are `secretKey` (text, or
    /// `base64:` and bytes in base64), `secretKeyFallbacks` (a list), `secretKeyFile` (a path, in place of both),
    /// `session.cookie.name`, `.domain`, `.path`, `.httponly`, `.secure`, `.partitioned`, `.samesite`,
    /// `session.refreshEachRequest`, `permanentSessionLifetime` (seconds), `maxCookieSize` (bytes; 0 for no limit),
    /// `trustedOrigins` (a list), `host` and `port`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - secretKey: A key in place of the configured one.
    ///   - sessions: What the settings start from.
    ///   - crossSite: Which requests of other sites are taken all the same; `trustedOrigins` may be configured.
    ///   - logger: Where the application logs.
    /// - Throws: When the file cannot be read, and ``AppError`` for a value that cannot be used.
    public convenience init(
        configurationFile path: String, secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = SessionConfiguration(), crossSite: CrossSitePolicy = CrossSitePolicy(),
        logger: Logger = Logger(label: "dewar")
    ) async throws {
        let file: FileProvider<JSONSnapshot>
        do {
            file = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
        } catch {
            throw AppError(.invalidConfiguration, "The configuration file \(path) cannot be read: \(error)")
        }
        let reader = ConfigReader(providers: [EnvironmentVariablesProvider(), file])
        try self.init(
            configuration: reader, secretKey: secretKey, sessions: sessions, crossSite: crossSite, logger: logger)
    }

    /// An application whose settings come from a reader of your own; the keys are those of
    /// ``init(configurationFile:secretKey:sessions:crossSite:logger:)``.
    public convenience init(
        configuration reader: ConfigReader, secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = SessionConfiguration(), crossSite: CrossSitePolicy = CrossSitePolicy(),
        logger: Logger = Logger(label: "dewar")
    ) throws(AppError) {
        let settings = Settings(reader: reader)
        var sessions = sessions
        try settings.apply(to: &sessions)
        var crossSite = crossSite
        try settings.apply(to: &crossSite)
        let configuredKey = try settings.secretKey()
        let fallbacks = try settings.secretKeyFallbacks()
        let keyFile = secretKey == nil ? try settings.secretKeyFile() : nil
        self.init(
            secretKey: secretKey ?? configuredKey, secretKeyFallbacks: fallbacks, keyFile: keyFile, sessions: sessions,
            crossSite: crossSite, address: try settings.address(), logger: logger)
    }
}
