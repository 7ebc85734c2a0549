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
    /// The environment wins over the file, and an argument given here over both; an empty variable counts as not set.
    /// The keys are `secretKey` (text, or `base64:` and bytes in base64), `secretKeyFallbacks` (a list),
    /// `secretKeyFile` (a path, in place of both), `secretKeyFileAccess` (`ownerOnly`, `readableByOthers` or
    /// `writableByOthers`: `KeyFileAccess`), `session.cookie.name`, `.domain`, `.path`, `.httponly`, `.secure`,
    /// `.partitioned`, `.samesite`, `session.refreshEachRequest`, `permanentSessionLifetime` (seconds), `maxCookieSize`
    /// (bytes; 0 for no limit), `trustedOrigins` (a list), `trustedHosts` (a list), `baseURL`, `proxyFix.xFor`,
    /// `.xProto`, `.xHost`, `.xPort`, `.xPrefix` and `.forwarded` (counts; 0 unless set), `host` and `port`, and those
    /// of ``ServerLimits/configure(from:)``.
    ///
    /// A file that holds the key must be as private as a key file: a file that others may read is refused (with
    /// `.flask` the log warns instead), unless `secretKeyFileAccess` allows it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - secretKey: A key in place of the configured one.
    ///   - sessions: The configuration to which the settings are applied.
    ///   - crossSite: Which requests from other sites are allowed; `trustedOrigins` may be configured.
    ///   - logger: Where the application logs.
    ///
    /// An unreadable file or an invalid value prevents the start: ``run(host:port:)``, ``serve(host:port:)`` and
    /// `testClient()` name the setting and where it came from.
    public convenience init(
        configurationFile path: String, secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = SessionConfiguration(), crossSite: CrossSitePolicy = CrossSitePolicy(),
        logger: Logger = Logger(label: "dewar")
    ) async {
        let file: FileProvider<JSONSnapshot>
        do {
            file = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
        } catch {
            let problem = AppError(.invalidConfiguration, "The configuration file \(path) cannot be read: \(error)")
            self.init(problem: problem, logger: logger)
            return
        }
        self.init(
            settings: Settings(sources: [.environment(EnvironmentVariablesProvider()), .file(path, file)]),
            secretKey: secretKey, sessions: sessions, crossSite: crossSite, logger: logger)
    }

    /// An application whose settings come from a reader of your own; the keys are those of
    /// ``init(configurationFile:secretKey:sessions:crossSite:logger:)``. An empty text counts as not set.
    public convenience init(
        configuration reader: ConfigReader, secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = SessionConfiguration(), crossSite: CrossSitePolicy = CrossSitePolicy(),
        logger: Logger = Logger(label: "dewar")
    ) {
        self.init(
            settings: Settings(sources: [.reader(reader)]), secretKey: secretKey, sessions: sessions,
            crossSite: crossSite, logger: logger)
    }

    /// The application of these settings; a mistake in them is reported at the start.
    convenience init(
        settings: Settings, secretKey: SecretKey?, sessions: SessionConfiguration, crossSite: CrossSitePolicy,
        logger: Logger
    ) {
        do throws(AppError) {
            var sessions = sessions
            try settings.apply(to: &sessions)
            var crossSite = crossSite
            try settings.apply(to: &crossSite)
            let configuredKey = try settings.secretKey()
            let fallbacks = try settings.secretKeyFallbacks()
            let keyFile = secretKey == nil ? try settings.secretKeyFile() : nil
            let access = try settings.keyFileAccess() ?? .ownerOnly
            let (address, trustedHosts) = (try settings.address(), try settings.trustedHosts())
            let (proxyFix, baseURL) = (try settings.proxyFix(), try settings.baseURL())
            var serverLimits = ServerLimits()
            try serverLimits.configure(from: settings)
            // This check comes last, since it may log a warning: a start that fails reports one thing only.
            if let file = settings.file(of: (secretKey == nil ? ["secretKey"] : []) + ["secretKeyFallbacks"]) {
                try Self.checkAccess(to: file, access, allowsWeak: sessions.allowsWeakKeys, logger: logger)
            }
            self.init(
                secretKey: secretKey ?? configuredKey, secretKeyFallbacks: fallbacks, keyFile: keyFile,
                keyFileAccess: access, sessions: sessions, crossSite: crossSite, address: address,
                trustedHosts: trustedHosts, proxyFix: proxyFix, baseURL: baseURL, logger: logger)
            self.serverLimits = serverLimits
        } catch {
            self.init(problem: error, logger: logger)
        }
    }

    /// An application that cannot start.
    private convenience init(problem: AppError, logger: Logger) {
        self.init(logger: logger)
        self.refuseStart(problem)
    }

    /// Another user who can read a file with the key, or write it, can sign in as anyone.
    private static func checkAccess(
        to path: String, _ access: KeyFileAccess, allowsWeak: Bool, logger: Logger
    ) throws(AppError) {
        guard let problem = KeyFileStorage.problem(at: path, access: access) else { return }
        let message = """
            The configuration file \(path) holds a secret key: \(problem). Or keep the key in SECRET_KEY or secretKeyFile, \
            or set secretKeyFileAccess to readableByOthers where no other user is on the machine.
            """
        guard allowsWeak else { throw AppError(.invalidConfiguration, message) }
        logger.warning("\(message)")
    }
}
