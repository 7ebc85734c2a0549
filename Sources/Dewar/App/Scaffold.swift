// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

/// What routes, hooks and error handlers are added to: an ``App``, or a ``Blueprint`` (Flask's `Scaffold`).
///
/// Both have the same methods. A hook or an error handler of the application runs for all requests; one of a blueprint
/// runs for requests that match a route of the blueprint, or of one that is nested in it.
public protocol Scaffold: AnyObject, Sendable {
    /// For the library: takes what the other methods add.
    func add(_ addition: ScaffoldAddition)
}

extension Scaffold {
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
    ///     uses the one whose variables are given. In a ``Blueprint`` the blueprint's name comes before it.
    ///   - usesSession: Whether the handler may look at the session. If so, the session is opened before the handler
    ///     runs, which reads the store if there is one. Use `false` for a health check, which must answer while the
    ///     store is out of reach.
    ///   - file: The file that adds the route, for error messages.
    ///   - filePath: Its path, for the source lines on error pages for development.
    ///   - line: The line that adds the route, for error messages.
    ///   - handler: The answer.
    public func route(
        _ rule: String, methods: HTTPRequest.Method..., name: String? = nil, usesSession: Bool = true,
        file: String = #fileID, filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.add(
            RouteAddition(
                rule: rule, methods: methods.isEmpty ? [.get] : methods, name: name, usesSession: usesSession,
                handler: handler, place: SourcePlace(file: file, path: filePath, line: line)))
    }

    /// Answers GET (and HEAD) requests for a path.
    public func get(
        _ rule: String, name: String? = nil, usesSession: Bool = true, file: String = #fileID,
        filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.route(
            rule, methods: .get, name: name, usesSession: usesSession, file: file, filePath: filePath, line: line,
            handler: handler)
    }

    /// Answers POST requests for a path.
    public func post(
        _ rule: String, name: String? = nil, usesSession: Bool = true, file: String = #fileID,
        filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.route(
            rule, methods: .post, name: name, usesSession: usesSession, file: file, filePath: filePath, line: line,
            handler: handler)
    }

    /// Answers PUT requests for a path.
    public func put(
        _ rule: String, name: String? = nil, usesSession: Bool = true, file: String = #fileID,
        filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.route(
            rule, methods: .put, name: name, usesSession: usesSession, file: file, filePath: filePath, line: line,
            handler: handler)
    }

    /// Answers PATCH requests for a path.
    public func patch(
        _ rule: String, name: String? = nil, usesSession: Bool = true, file: String = #fileID,
        filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.route(
            rule, methods: .patch, name: name, usesSession: usesSession, file: file, filePath: filePath, line: line,
            handler: handler)
    }

    /// Answers DELETE requests for a path.
    public func delete(
        _ rule: String, name: String? = nil, usesSession: Bool = true, file: String = #fileID,
        filePath: String = #filePath, line: Int = #line, handler: @escaping App.Handler
    ) {
        self.route(
            rule, methods: .delete, name: name, usesSession: usesSession, file: file, filePath: filePath, line: line,
            handler: handler)
    }

    private func add(_ route: RouteAddition) {
        self.add(ScaffoldAddition(value: .route(route)))
    }

    /// Adds the routes of a blueprint, and its hooks and error handlers for them (Flask's `register_blueprint`).
    ///
    /// What the blueprint gets later prevents the start.
    ///
    /// - Parameters:
    ///   - blueprint: The blueprint. It may be registered several times, under different names.
    ///   - urlPrefix: What stands before its rules, in place of the prefix that it was made with.
    ///   - name: A name in place of its own.
    public func register(_ blueprint: Blueprint, urlPrefix: String? = nil, name: String? = nil) {
        self.add(
            ScaffoldAddition(
                value: .blueprint(BlueprintAddition(blueprint: blueprint, urlPrefix: urlPrefix, name: name))))
    }
}
