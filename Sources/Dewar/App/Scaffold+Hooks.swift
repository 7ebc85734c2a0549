// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

extension Scaffold {
    /// Runs before every request, even one that matches no route; in a blueprint, before those of its routes. A response
    /// returned here is sent, and no other hook of this kind and no handler runs.
    ///
    /// The application's hooks run first, then those of the outer blueprint, then those of one that is nested in it.
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
    public func beforeRequest(usesSession: Bool = true, _ hook: @escaping App.BeforeHook) {
        self.add(ScaffoldAddition(value: .hook(.beforeRequest(Action(usesSession: usesSession, function: hook)))))
    }

    /// Runs after every request with its response, also that of an error, and returns the response to send. The hook
    /// added last runs first, and those of a blueprint before those around it. The session is committed after all of
    /// them.
    ///
    /// An error that a hook throws makes the answer a 500, whatever answer it stands for elsewhere, and the handler for
    /// 500 gets it. The hooks run again with that page, and with the page of a commit that failed. What they throw then
    /// is only logged, as in Flask.
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
    public func afterRequest(usesSession: Bool = true, _ hook: @escaping App.AfterHook) {
        self.add(ScaffoldAddition(value: .hook(.afterRequest(Action(usesSession: usesSession, function: hook)))))
    }

    /// Makes the answer for a status, in place of the plain page.
    ///
    /// A blueprint's handler is asked before the application's, for errors of its own routes. An address that no route
    /// has belongs to no blueprint, so that its 404 is the application's. Handlers for a type come first.
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
        self.add(ScaffoldAddition(value: .hook(.statusHandler(status.code, handler))))
    }

    /// Makes the answer for an error of a type, wherever it was thrown.
    public func errorHandler<Failure: Error>(
        of type: Failure.Type, handler: @escaping @Sendable (Request, Failure) async throws -> Response
    ) {
        let adapted: Hooks.ErrorHandler = { error in
            guard let error = error as? Failure else { return nil }
            return { request in try await handler(request, error) }
        }
        self.add(ScaffoldAddition(value: .hook(.errorHandler(adapted))))
    }
}
