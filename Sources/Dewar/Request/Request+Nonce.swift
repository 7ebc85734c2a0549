// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsHTML

extension Request {
    /// The nonce of the page, for the attribute `nonce` of its scripts and style sheets (Flask-Talisman's
    /// `csp_nonce()`). It is another one for each request, and empty without ``App/contentSecurityPolicy``.
    ///
    /// In a page write `\(nonce: request)`, in a template `nonce="{{cspNonce}}"`. Ask for it before the response is
    /// returned: a stream that asks later is too late, because the header fields have been sent.
    public var cspNonce: String { self.nonce?.value ?? "" }
}

extension HTMLInterpolation {
    /// The attribute `nonce`, for a script or a style sheet of the page.
    ///
    /// ```swift
    /// app.get("/clock") { request in
    ///     "<time></time><script src='/static/clock.js' \(nonce: request)></script>"
    /// }
    /// ```
    public mutating func appendInterpolation(nonce request: Request) {
        self.appendInterpolation(HTML("nonce=\"\(request.cspNonce)\""))
    }
}
