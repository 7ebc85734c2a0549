// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
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
public final class App: Sendable {
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
    /// Where the server listens: the configured address until it starts, then with the port that it got.
    private let listening: Mutex<ServerAddress>
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
        self.listening = Mutex(address)
        self.publicAddress = Result { () throws(AppError) in
            try PublicAddress(trustedHosts: trustedHosts, proxyFix: proxyFix, baseURL: baseURL)
        }
        self.manager = Result { () throws(SessionError) in
            let keys = try Self.keys(secretKey, fallbacks: secretKeyFallbacks, file: keyFile, access: keyFileAccess)
            return try SessionManager(keys: keys, configuration: sessions, clock: clock, logger: logger)
        }
        self.definition = Mutex(AppDefinition(limits: limits))
    }

    // MARK: - Routes

    /// Answers requests for a path.
    ///
    /// ```swift
    /// app.route("/post/<int:id>", methods: .get, .post, name: "post") { request in
    ///     "Post \(try request.parameters["id"])"
    /// }
    /// ```
    ///
    /// A route for GET also answers HEAD. OPTIONS is answered with the methods of the path.
    ///
    /// - Parameters:
    ///   - rule: A path with variables as Flask writes them: `<name>`, `<int:id>`, `<float:x>`, `<path:file>`,
    ///     `<uuid:u>`, `<any(a, b):which>`. With a rule that ends in a slash, the path without it is redirected.
    ///   - methods: The methods; GET when none is given.
    ///   - name: What `url(for:)` calls the route (Flask's endpoint). Several rules may have one name: `url(for:)` then
    ///     uses the one whose variables are given.
    ///   - usesSession: Whether the handler may look at the session. If so, the session is opened before the handler
    ///     runs, which reads the store if there is one. Use `false` for a health check, which must answer while the
    ///     store is out of reach.
    ///   - handler: The answer.
    public func route(
        _ rule: String, methods: HTTPRequest.Method..., name: String? = nil, usesSession: Bool = true,
        handler: @escaping Handler
    ) {
        self.add(
            rule, methods: methods.isEmpty ? [.get] : methods, name: name, usesSession: usesSession, handler: handler)
    }

    /// Answers GET (and HEAD) requests for a path.
    public func get(
        _ rule: String, name: String? = nil, usesSession: Bool = true, handler: @escaping Handler
    ) {
        self.add(rule, methods: [.get], name: name, usesSession: usesSession, handler: handler)
    }

    /// Answers POST requests for a path.
    public func post(
        _ rule: String, name: String? = nil, usesSession: Bool = true, handler: @escaping Handler
    ) {
        self.add(rule, methods: [.post], name: name, usesSession: usesSession, handler: handler)
    }

    /// Answers PUT requests for a path.
    public func put(
        _ rule: String, name: String? = nil, usesSession: Bool = true, handler: @escaping Handler
    ) {
        self.add(rule, methods: [.put], name: name, usesSession: usesSession, handler: handler)
    }

    /// Answers PATCH requests for a path.
    public func patch(
        _ rule: String, name: String? = nil, usesSession: Bool = true, handler: @escaping Handler
    ) {
        self.add(rule, methods: [.patch], name: name, usesSession: usesSession, handler: handler)
    }

    /// Answers DELETE requests for a path.
    public func delete(
        _ rule: String, name: String? = nil, usesSession: Bool = true, handler: @escaping Handler
    ) {
        self.add(rule, methods: [.delete], name: name, usesSession: usesSession, handler: handler)
    }

    // MARK: - Hooks

    /// Runs before every request, even one that matches no route. A response returned here is sent, and no handler
    /// runs.
    ///
    /// ```swift
    /// app.beforeRequest { request in
    ///     request.session.isPermanent = true
    ///     return nil
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - usesSession: Whether the hook may look at the session. If so, the session is opened for every request, even
    ///     for static files. With `false`, the hook calls ``Request/openSession()`` where it needs the session.
    ///   - hook: Returns a response, or nil to go on.
    public func beforeRequest(usesSession: Bool = true, _ hook: @escaping BeforeHook) {
        self.definition.withLock { $0.beforeHooks.append(Action(usesSession: usesSession, function: hook)) }
    }

    /// Runs after every request with its response, also that of an error, and returns the response to send. The hook
    /// added last runs first. The session is committed after all of them. If the commit fails, they run again with the
    /// error page, as in Flask.
    ///
    /// ```swift
    /// app.afterRequest(usesSession: false) { request, response in
    ///     var response = response
    ///     response.headers[.server] = "shop"
    ///     return response
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - usesSession: Whether the hook may look at the session, as in ``beforeRequest(usesSession:_:)``. While the
    ///     store is out of reach, the hook still runs, with an empty session that refuses changes.
    ///   - hook: Returns the response to send.
    public func afterRequest(usesSession: Bool = true, _ hook: @escaping AfterHook) {
        self.definition.withLock { $0.afterHooks.append(Action(usesSession: usesSession, function: hook)) }
    }

    /// Makes the answer for a status, in place of the plain page.
    ///
    /// The handler for 500 gets the error that no other handler answered.
    ///
    /// ```swift
    /// app.errorHandler(404) { request, error in
    ///     var response: Response = "Nothing here. <a href='/'>Home</a>"
    ///     response.status = .notFound
    ///     return response
    /// }
    /// ```
    public func errorHandler(
        _ status: HTTPResponse.Status,
        handler: @escaping @Sendable (Request, any Error) async throws -> Response
    ) {
        self.definition.withLock { $0.statusHandlers[status.code] = handler }
    }

    /// Makes the answer for an error of a type, wherever it was thrown.
    public func errorHandler<Failure: Error>(
        of type: Failure.Type, handler: @escaping @Sendable (Request, Failure) async throws -> Response
    ) {
        self.definition.withLock { definition in
            definition.errorHandlers.append { error in
                guard let error = error as? Failure else { return nil }
                return { request in try await handler(request, error) }
            }
        }
    }

    /// Puts a Hummingbird middleware around everything, sessions included: request logs, metrics, CORS.
    public func add(middleware: some RouterMiddleware<AppRequestContext>) {
        self.definition.withLock { $0.middlewares.append(middleware) }
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
    /// are all requests while this is nil. A name that no route has stops the start.
    public var signInRoute: String? {
        get { self.definition.withLock { $0.signInRoute } }
        set { self.definition.withLock { $0.signInRoute = newValue } }
    }

    /// The route for a visitor whose sign-in is too old for ``requireFresh(within:_:)`` (Flask-Login's `refresh_view`);
    /// nil for ``signInRoute``.
    public var reauthenticationRoute: String? {
        get { self.definition.withLock { $0.reauthenticationRoute } }
        set { self.definition.withLock { $0.reauthenticationRoute = newValue } }
    }

    // MARK: - Pages

    /// The templates of the application's pages, for ``render(_:_:status:)``; nil for none.
    ///
    /// ```swift
    /// app.templates = Templates(folder: "templates")
    /// ```
    ///
    /// They are compiled when the application starts. A mistake in one of them stops the start.
    public var templates: Templates? {
        get { self.definition.withLock { $0.templates } }
        set { self.definition.withLock { $0.templates = newValue } }
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
        set { self.definition.withLock { $0.securityHeaders = newValue } }
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
        set { self.definition.withLock { $0.contentSecurityPolicy = newValue } }
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
        set { self.definition.withLock { $0.compression = newValue } }
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
        set { self.definition.withLock { $0.serverLimits = newValue } }
    }

    // MARK: - For the library

    /// Notes the names of public routes, which are checked when the application starts.
    func exempt(_ names: [String]) {
        self.definition.withLock { $0.publicRoutes += names }
    }

    /// Notes where the server listens, for URLs that are built outside of requests.
    func listens(on address: ServerAddress) {
        self.listening.withLock { $0 = address }
    }

    /// Notes the hashes that URLs of a route are to have.
    func fingerprint(_ route: String, _ hashes: FileFingerprints) {
        self.definition.withLock { $0.fingerprints[route] = hashes }
    }

    /// Builds the URLs of the routes that have been defined so far.
    var urls: SiteURLs { self.definition.withLock { $0.urls } }

    /// What URLs begin with outside of requests.
    var baseOutsideOfRequests: URLBase {
        let server = self.listening.withLock { $0 }
        // An invalid setting stops the start; until then it has no effect.
        return (try? self.publicAddress.get().base(outsideOfRequestsTo: server)) ?? server.urlBase
    }

    /// Remembers a mistake that stops the start.
    func refuseStart(_ problem: any Error) {
        self.definition.withLock { $0.problems.append(problem) }
    }

    private func add(
        _ rule: String, methods: [HTTPRequest.Method], name: String?, usesSession: Bool, handler: @escaping Handler
    ) {
        let action = Action(usesSession: usesSession, function: handler)
        self.definition.withLock { $0.add(rule, methods: methods, name: name, handler: action) }
    }

    /// The sessions of this application.
    ///
    /// - Throws: ``SessionError`` when the settings contradict each other or the key could be guessed.
    func sessionManager() throws(SessionError) -> SessionManager {
        try self.manager.get()
    }

    /// What answers requests, made from everything that has been defined so far.
    func responder() throws -> AppResponder {
        let definition = self.definition.withLock { $0 }
        if let problem = definition.problems.first { throw problem }
        try definition.checkSignInRoutes(base: self.address.urlBase)
        try definition.checkPublicRoutes()
        let pages = AppPages(
            templates: try definition.templates?.compile() ?? TemplateLibrary(), urls: definition.urls)
        return AppResponder(
            definition: definition, pages: pages, sessions: try self.sessionManager(),
            crossSite: try CrossSiteGuard(self.crossSite),
            address: try self.publicAddress.get())
    }
}
