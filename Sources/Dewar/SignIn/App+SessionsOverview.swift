// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension App {
    /// Adds the operator's page: how many sessions there are, what happens to them, whose they are, and buttons that
    /// end them.
    ///
    /// ```swift
    /// app.signInRoute = "sign-in"
    /// app.reauthenticationRoute = "again"
    /// app.addSessionsOverview(at: "/admin/sessions", allowing: { session in session.user == "ada" })
    /// let link = app.url(for: "sessions")  // /admin/sessions
    /// ```
    ///
    /// `SessionsOverview` says more. A visitor who is not signed in is sent to ``signInRoute``, one whose sign-in is too
    /// old to ``reauthenticationRoute``; a user who may not see the page gets 403. The list needs a store.
    ///
    /// - Parameters:
    ///   - path: The path of the page. Its style sheet is at `style.css` under it.
    ///   - isAllowed: Says whether the user of this session may see and end the sessions of all users. It is called at
    ///     every request for the page, and only with a session in which a user is signed in. There is no default.
    ///   - name: The route's name; that of the style sheet is `sessions.style`, with this name in front.
    ///   - freshness: How long ago the operator may have proved who they are.
    ///   - texts: The texts, in English unless they are replaced.
    ///   - header: Makes what the site shows above the heading, such as a link back with `url(for:)`.
    public func addSessionsOverview(
        at path: String, allowing isAllowed: @escaping @Sendable (Session) async throws -> Bool,
        name: String = "sessions", freshness: Duration = .seconds(600),
        texts: SessionsOverview.Texts = SessionsOverview.Texts(), header: @escaping @Sendable () -> HTML = { HTML() }
    ) {
        // Settings without which there are no sessions prevent the start.
        guard let sessions = try? self.sessions else { return }
        let overview = SessionsOverview(
            sessions, allowing: isAllowed, freshness: freshness, texts: texts, header: header)
        self.get(path, name: name) { request in
            let query = request.query
            return Response(
                try await overview.page({ query.get($0) }, for: request.session, links: request.pageLinks))
        }
        self.post(path, name: name) { request in
            let form = try await request.form
            return Response(try await overview.answer({ form.get($0) }, for: request.session, links: request.pageLinks))
        }
        self.get(PageLinks(page: path).style, name: "\(name).style", usesSession: false) { _ in
            Response(SessionsOverview.style)
        }
    }
}
