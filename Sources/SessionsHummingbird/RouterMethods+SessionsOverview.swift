// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
public import SessionsPages

extension RouterMethods where Context: SessionRequestContext {
    /// Adds the operator's page: how many sessions there are, what happens to them, whose they are, and buttons that
    /// end them.
    ///
    /// ```swift
    /// router.add(middleware: SessionMiddleware(sessions))
    /// let overview = SessionsOverview(sessions, allowing: { session in session.user == "ada" })
    /// router.addSessionsOverview(overview, at: "admin/sessions")
    /// ```
    ///
    /// Add it after ``SessionMiddleware``. For a visitor who is not signed in, or not recently, it throws
    /// `SignInRequired`, which a middleware between the two may answer with a redirect to the site's sign-in page;
    /// without one the response is 401. A user who may not see it gets 403. The page checks its forms' CSRF tokens
    /// itself, with or without ``CrossSiteMiddleware``.
    ///
    /// - Parameters:
    ///   - overview: The page, with the closure that says who may see it.
    ///   - path: Its path. Its style sheet is at `style.css` under it.
    /// - Returns: The router, for more routes.
    @discardableResult
    public func addSessionsOverview(_ overview: SessionsOverview, at path: RouterPath) -> Self {
        self.get(path) { request, context in
            let query = try PageFields(query: request)
            let links = PageLinks(relativeTo: request.uri.path)
            return try await Response { try await overview.page(query.field, for: context.session, links: links) }
        }
        self.post(path) { request, context in
            let form = try await PageFields(form: request, context: context)
            let links = PageLinks(relativeTo: request.uri.path)
            return try await Response { try await overview.answer(form.field, for: context.session, links: links) }
        }
        self.get(RouterPath("\(path)/\(PageLinks.styleName)")) { _, _ in Response(SessionsOverview.style) }
        return self
    }
}
