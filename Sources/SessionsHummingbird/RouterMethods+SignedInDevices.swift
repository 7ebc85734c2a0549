// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
public import SessionsPages

extension RouterMethods where Context: SessionRequestContext {
    /// Adds the page on which users see where they are signed in, and sign out there.
    ///
    /// ```swift
    /// router.add(middleware: SessionMiddleware(sessions))
    /// router.addSignedInDevices(SignedInDevices(sessions), at: "account/devices")
    /// ```
    ///
    /// Add it after ``SessionMiddleware``. For a visitor who is not signed in, or not recently, it throws
    /// `SignInRequired`, which a middleware between the two may answer with a redirect to the site's sign-in page;
    /// without one the response is 401. The page checks its forms' CSRF tokens itself, with or without ``CrossSiteMiddleware``.
    ///
    /// - Parameters:
    ///   - devices: The page.
    ///   - path: Its path. Its style sheet is at `style.css` under it.
    /// - Returns: The router, for more routes.
    @discardableResult
    public func addSignedInDevices(_ devices: SignedInDevices, at path: RouterPath) -> Self {
        self.get(path) { request, context in
            let links = PageLinks(relativeTo: request.uri.path)
            return try await Response { try await devices.page(for: context.session, links: links) }
        }
        self.post(path) { request, context in
            let form = try await PageFields(form: request, context: context)
            let links = PageLinks(relativeTo: request.uri.path)
            return try await Response { try await devices.answer(form.field, for: context.session, links: links) }
        }
        self.get(RouterPath("\(path)/\(PageLinks.styleName)")) { _, _ in Response(SignedInDevices.style) }
        return self
    }
}
