// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension App {
    /// Lets only those who are signed in see the site, but for some routes.
    ///
    /// ```swift
    /// app.signInRoute = "sign-in"
    /// app.requireSignedIn(except: "static", "about")
    /// ```
    ///
    /// It is a hook, and runs in its place among those of ``beforeRequest(usesSession:_:)``. Others are sent to
    /// ``signInRoute``, or answered with 401, also for paths that no route takes. The sign-in page itself, and the page
    /// of ``reauthenticationRoute``, can always be reached; what they need, a style sheet say, must be named here.
    ///
    /// - Parameter names: The routes that every visitor may see. A name that no route has stops the start.
    public func requireSignedIn(except names: String...) {
        let isPublic = Set(names.map { Array($0.utf8) })
        self.exempt(names)
        self.beforeRequest(usesSession: false) { request in
            if let name = request.routeName, isPublic.contains(Array(name.utf8)) { return nil }
            try await request.openSession().requireSignedIn()
            return nil
        }
    }
}
