// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Logging
public import Sessions

/// One request, as a handler sees it.
///
/// ```swift
/// app.route("/login", methods: .get, .post) { request in
///     if request.method == .post {
///         request.session["username"] = try await request.form["username"]
///         return redirect(app.url(for: "index"))
///     }
///     return "<form method=post><input name=username><input type=submit></form>"
/// }
/// ```
public struct Request: Sendable {
    /// The method of the request line.
    public var method: HTTPRequest.Method { self.parts.method }
    /// The path, percent-decoded and without the query.
    public var path: String { self.parts.path }
    /// The header fields.
    public var headers: HTTPFields { self.parts.headers }
    /// What came after the question mark (Flask's `request.args`).
    public var query: MultiDictionary { self.parts.query }
    /// The cookies, as Flask reads them, without the session cookie: code that prints or logs cookies must not reveal
    /// it. Its contents are in ``session``.
    public var cookies: MultiDictionary {
        let pairs = CookieHeader(self.headers[values: .cookie]).pairs
        return MultiDictionary(
            pairs.filter { !$0.name.utf8.elementsEqual(self.parts.sessionCookieName.utf8) }.map { ($0.name, $0.value) })
    }
    /// What the variable parts of the route matched, percent-decoded.
    public internal(set) var parameters = Parameters()
    /// The name of the route that matched; nil in hooks and error handlers of a request that matched none.
    public var routeName: String? { self.route?.name }
    /// The whole name of the blueprint that the route belongs to (Flask's `request.blueprint`), such as `admin` or
    /// `admin.users`; nil for a route of the application itself.
    public var blueprint: String? { self.route?.blueprint }
    /// The visitor's session.
    ///
    /// It is open before a handler or hook runs, unless that one was registered with `usesSession: false`. There it is
    /// empty, and looking at it is a mistake that is answered with 500; call ``openSession()`` instead.
    public var session: Session { self.lazySession.current }
    /// A logger that names the request.
    public var logger: Logger { self.parts.logger }
    /// The visitor's address (Flask's `request.remote_addr`): the address at the other end of the connection, or the
    /// one that the proxies counted by ``ProxyFix`` report. Nil when it is not known.
    public var remoteAddress: String? { self.visitor.text }

    /// The route that matched.
    var route: RouteInfo?
    let parts: RequestParts

    var visitor: VisitorAddress { self.parts.visitor }
    var lazySession: LazySession { self.parts.lazySession }
    var base: URLBase { self.parts.base }
    var content: RequestContent { self.parts.content }
    /// Nil where no policy has a nonce.
    var nonce: PageNonce? { self.parts.nonce }

    init(_ parts: RequestParts) {
        self.parts = parts
    }

    /// The visitor's session, which is opened now if it was not before: for handlers and hooks that were registered
    /// with `usesSession: false` and need it after all.
    ///
    /// ```swift
    /// app.beforeRequest(usesSession: false) { request in
    ///     guard request.path.hasPrefix("/private/") else { return nil }
    ///     try await request.openSession().requireSignedIn()
    ///     return nil
    /// }
    /// ```
    ///
    /// - Throws: `SessionError` when the store is out of reach, unless `SessionConfiguration.outagePolicy` makes the
    ///   visitor anonymous then.
    @discardableResult
    public func openSession() async throws -> Session {
        try await self.lazySession.open()
    }

    /// The body as it came.
    ///
    /// - Throws: ``FormTooLargeError``, which answers 413, when it is larger than ``FormLimits/maximumBody``; an error
    ///   that answers 408 when it is slower than ``ServerLimits`` allow; `CancellationError` when this task is
    ///   cancelled, or another task that reads the body.
    public var body: [UInt8] {
        get async throws { try await self.content.bytes() }
    }

    /// The fields and files of a form, urlencoded or multipart; empty for anything else, as in Flask.
    ///
    /// A missing field answers 400 when it is asked for by subscript:
    ///
    /// ```swift
    /// let username = try await request.form["username"]
    /// let colours = try await request.form.getList("colour")
    /// ```
    ///
    /// - Throws: ``FormTooLargeError``, which answers 413.
    public var form: FormData {
        get async throws { try await self.content.form() }
    }
}
