// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
public import Logging
public import Sessions
import Synchronization

/// A web application: routes, sessions, and a server to run them (Flask's `Flask`).
///
/// ```swift
/// import Dewar
///
/// let app = App(secretKey: "any random string", sessions: .flask)
///
/// app.get("/", name: "index") { request in
///     if let username = request.session["username"] {
///         return "Logged in as \(username)"
///     }
///     return "You are not logged in"
/// }
///
/// try await app.run()
/// ```
///
/// Define routes, hooks and handlers first, then ``run(host:port:)`` or `testClient()`: both report a mistake in the
/// definitions, such as an invalid rule or a setting that browsers refuse, before the first request.
public final class App: Scaffold {
    /// A handler: it gets the request and returns the response.
    public typealias Handler = @Sendable (Request) async throws -> Response
    /// A hook that runs before the handler: it returns a response, or nil to go on.
    public typealias BeforeHook = @Sendable (Request) async throws -> Response?
    /// A hook that runs after the handler: it returns the response to send.
    public typealias AfterHook = @Sendable (Request, Response) async throws -> Response

    /// The application's logger; each request gets one made from it.
    public let logger: Logger
    /// Where the server listens unless `run` says otherwise.
    public let address: ServerAddress
    let clock: SessionClock
    private let manager: Result<SessionManager, SessionError>
    /// The file that holds the keys; the server checks it for changes while it runs.
    let keyFile: String?
    let keyFileAccess: KeyFileAccess
    private let crossSite: CrossSitePolicy
    private let publicAddress: Result<PublicAddress, AppError>
    let isBehindProxy: Bool
    /// The work that handlers have left for later.
    let backgroundWork: BackgroundWork
    /// Where the server listens: the configured address until it starts, then with the port that it got.
    private let listening: Mutex<(address: ServerAddress, scheme: String)>
    private let definition: Mutex<AppDefinition>

    /// An application.
    ///
    /// - Parameters:
    ///   - secretKey: Signs the sessions; without one they are empty and cannot be changed.
    ///   - secretKeyFallbacks: Older keys that still verify.
    ///   - keyFile: A file with the keys, in place of both; the running server adopts changes to it.
    ///   - keyFileAccess: Who besides the program may read or write that file; `.readableByOthers` for secrets that
    ///     Kubernetes or Docker mounts.
    ///   - sessions: How sessions are kept; `.flask` for cookies that a Flask application shares. Sealed cookies, and
    ///     cookies that move into a store, get a revocation list in memory, so that a copied cookie is rejected after
    ///     the sign-out; `.cookies(revocations: .off)` turns it off.
    ///   - crossSite: Which requests from other sites are allowed; `.off` allows all.
    ///   - limits: How large a form may be.
    ///   - address: Where the server listens.
    ///   - trustedHosts: The only hosts whose requests are answered (Flask's `TRUSTED_HOSTS`): `shop.example`, or
    ///     `.shop.example` for it and all below it, on any port. Requests to other hosts are answered with 400. An
    ///     empty list allows all hosts.
    ///   - proxyFix: How many proxies stand in front, for each field that they set; nil for none.
    ///   - baseURL: The URL under which visitors reach the application, in place of what requests say:
    ///     `https://shop.example`, or `https://shop.example/app` where a proxy has mounted it under a path. External
    ///     URLs begin with it, outside of requests too, and all URLs have its path.
    ///   - clock: The clock of sessions and static files.
    ///   - logger: Where the application logs.
    public init(
        secretKey: SecretKey? = nil, secretKeyFallbacks: [SecretKey] = [], keyFile: String? = nil,
        keyFileAccess: KeyFileAccess = .ownerOnly, sessions: SessionConfiguration = SessionConfiguration(),
        crossSite: CrossSitePolicy = CrossSitePolicy(), limits: FormLimits = .application,
        address: ServerAddress = ServerAddress(), trustedHosts: [String] = [], proxyFix: ProxyFix? = nil,
        baseURL: String? = nil, clock: SessionClock = .system, logger: Logger = Logger(label: "dewar")
    ) {
        self.logger = logger
        self.address = address
        self.clock = clock
        self.crossSite = crossSite
        self.keyFile = keyFile
        self.keyFileAccess = keyFileAccess
        self.listening = Mutex((address, "http"))
        self.isBehindProxy = proxyFix.map { $0 != .off } ?? false
        self.backgroundWork = BackgroundWork(logger: logger)
        self.publicAddress = Result { () throws(AppError) in
            try PublicAddress(trustedHosts: trustedHosts, proxyFix: proxyFix, baseURL: baseURL)
        }
        self.manager = Result { () throws(SessionError) in
            let keys = try Self.keys(secretKey, fallbacks: secretKeyFallbacks, file: keyFile, access: keyFileAccess)
            return try SessionManager(keys: keys, configuration: sessions, clock: clock, logger: logger)
        }
        self.definition = Mutex(AppDefinition(limits: limits))
    }

    // MARK: - Routes, hooks and error handlers

    /// For the library: takes what the methods of ``Scaffold`` add.
    public func add(_ addition: ScaffoldAddition) {
        self.define { $0.add(addition.value) }
    }

    /// Puts a Hummingbird middleware around everything, sessions included: request logs, metrics, CORS.
    public func add(middleware: some RouterMiddleware<AppRequestContext>) {
        self.define { $0.middlewares.append(middleware) }
    }

    // MARK: - Sessions

    /// The sessions of this application: to see where users are signed in, and to end sessions.
    ///
    /// ```swift
    /// let devices = try await app.sessions.activeSessions(of: "ada")
    /// ```
    ///
    /// - Throws: `SessionError` when the settings contradict each other or the key could be guessed.
    public var sessions: SessionManager {
        get throws(SessionError) { try self.sessionManager() }
    }

    /// The route to which a visitor is sent who asks for a page without being signed in (Flask-Login's `login_view`).
    ///
    /// ```swift
    /// app.signInRoute = "login"
    /// app.get("/settings", handler: requireSignedIn { request in "Your settings" })
    /// ```
    ///
    /// The query of its URL has the page that was asked for as `next`, which ``Request/next`` reads. Only GET and HEAD
    /// are redirected. Other requests, and those that a script sends (by `Sec-Fetch-Mode`), are answered with 401; so
    /// are all requests while this is nil. A name that no route has prevents the start.
    public var signInRoute: String? {
        get { self.definition.withLock { $0.signInRoute } }
        set { self.define { $0.signInRoute = newValue } }
    }

    /// The route for a visitor whose sign-in is too old for ``requireFresh(within:_:)`` (Flask-Login's `refresh_view`);
    /// nil for ``signInRoute``.
    public var reauthenticationRoute: String? {
        get { self.definition.withLock { $0.reauthenticationRoute } }
        set { self.define { $0.reauthenticationRoute = newValue } }
    }

    // MARK: - Pages

    /// The templates of the application's pages, for ``render(_:_:status:)``; nil for none.
    ///
    /// ```swift
    /// app.templates = Templates(folder: "templates")
    /// ```
    ///
    /// They are compiled when the application starts. A mistake in one of them prevents the start.
    public var templates: Templates? {
        get { self.definition.withLock { $0.templates } }
        set { self.define { $0.templates = newValue } }
    }

    // MARK: - Protection

    /// The headers that protect the pages of this application, on every response unless a handler has set them.
    ///
    /// ```swift
    /// app.securityHeaders.strictTransportSecurity = "max-age=63072000; includeSubDomains"
    /// app.securityHeaders = .off
    /// ```
    ///
    /// `Strict-Transport-Security` is sent only over HTTPS.
    public var securityHeaders: SecurityHeaders {
        get { self.definition.withLock { $0.securityHeaders } }
        set { self.define { $0.securityHeaders = newValue } }
    }

    /// What the browser may load and run on the pages of this application; nil, which is the default, for no policy: a page
    /// that was not written for one would break.
    ///
    /// ```swift
    /// app.contentSecurityPolicy = .strict
    /// ```
    ///
    /// Every response has it, unless its handler has set a `Content-Security-Policy` itself.
    public var contentSecurityPolicy: ContentSecurityPolicy? {
        get { self.definition.withLock { $0.contentSecurityPolicy } }
        set { self.define { $0.contentSecurityPolicy = newValue } }
    }

    /// Which responses are sent in gzip; nil, which is the default, for none.
    ///
    /// ```swift
    /// app.compression = .gzip
    /// ```
    ///
    /// A response that depends on a session is never compressed: ``Compression`` says why.
    public var compression: Compression? {
        get { self.definition.withLock { $0.compression } }
        set { self.define { $0.compression = newValue } }
    }

    /// How long connections may take, and how many there may be.
    ///
    /// ```swift
    /// app.serverLimits.bodyTimeout = .seconds(120)
    /// ```
    ///
    /// ``run(host:port:)`` refuses invalid limits.
    public var serverLimits: ServerLimits {
        get { self.definition.withLock { $0.serverLimits } }
        set { self.define { $0.serverLimits = newValue } }
    }

    // MARK: - For the library

    /// Changes what the application consists of. A change after the start would otherwise be missed in silence: what
    /// answers requests was made at the start.
    func define(_ change: (inout AppDefinition) -> Void) {
        let hasStarted = self.definition.withLock { definition in
            change(&definition)
            return definition.hasStarted
        }
        guard hasStarted else { return }
        self.logger.error("the application was changed after its start, which changes nothing about what runs")
    }

    /// What ``debug`` was set to; nil if it was not.
    var chosenDebug: Bool? { self.definition.withLock { $0.debug } }

    /// Notes where the server listens, for URLs that are built outside of requests.
    func listens(on address: ServerAddress, scheme: String) {
        self.listening.withLock { $0 = (address, scheme) }
    }

    /// Notes the hashes that URLs of a route are to have.
    func fingerprint(_ route: String, _ hashes: FileFingerprints) {
        self.definition.withLock { $0.fingerprints[route] = hashes }
    }

    /// Builds the URLs of the routes that have been defined so far.
    var urls: SiteURLs { self.definition.withLock { $0.urls } }

    /// What URLs begin with outside of requests.
    var baseOutsideOfRequests: URLBase {
        let server = self.listening.withLock { $0.address.urlBase(scheme: $0.scheme) }
        // An invalid setting prevents the start; until then it has no effect.
        return (try? self.publicAddress.get().base(outsideOfRequestsTo: server)) ?? server
    }

    /// Remembers a mistake that prevents the start.
    func refuseStart(_ problem: any Error) {
        self.definition.withLock { $0.problems.append(problem) }
    }

    /// The sessions of this application.
    ///
    /// - Throws: ``SessionError`` when the settings contradict each other or the key could be guessed.
    func sessionManager() throws(SessionError) -> SessionManager {
        try self.manager.get()
    }

    /// What answers requests, made from everything that has been defined so far.
    func responder(development: DevelopmentMode = DevelopmentMode()) throws -> AppResponder {
        let definition = self.definition.withLock { definition in
            definition.hasStarted = true
            return definition
        }
        if let problem = definition.problems.first { throw problem }
        try definition.checkSignInRoutes(base: self.address.urlBase(scheme: "http"))
        try definition.checkPublicRoutes()
        try definition.startBlueprints(self.logger)
        let pages = AppPages(
            templates: try definition.templates?.compile() ?? TemplateLibrary(), urls: definition.urls)
        return AppResponder(
            definition: definition, pages: pages, sessions: try self.sessionManager(),
            crossSite: try CrossSiteGuard(self.crossSite), development: development,
            address: try self.publicAddress.get())
    }
}
