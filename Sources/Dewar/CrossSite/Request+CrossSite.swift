// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension Request {
    /// A CSRF token for the visitor's next page, against requests that other sites make the browser send. A script
    /// sends it back in the header `X-CSRF-Token`. In a form, write `\(csrf: request)`.
    ///
    /// It begins a session where there was none; `Session.csrfToken` says more.
    ///
    /// ```swift
    /// app.get("/") { request in
    ///     "<meta name=csrf-token content='\(request.csrfToken)'><script src=/static/shop.js></script>"
    /// }
    /// ```
    public var csrfToken: String { self.session.csrfToken }
}

extension HTMLInterpolation {
    /// The hidden field with a token, for a form.
    ///
    /// ```swift
    /// app.get("/transfer") { request in
    ///     "<form method=post>\(csrf: request) <input name=amount> <button>Send</button></form>"
    /// }
    /// ```
    public mutating func appendInterpolation(csrf request: Request) {
        let (name, token) = (CrossSiteGuard.fieldName, request.csrfToken)
        self.appendInterpolation(HTML("<input type=\"hidden\" name=\"\(name)\" value=\"\(token)\">"))
    }
}
