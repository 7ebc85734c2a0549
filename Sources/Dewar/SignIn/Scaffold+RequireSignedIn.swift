// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension Scaffold {
    /// Lets only signed-in visitors see the site, or the routes of a blueprint, except for some routes.
    ///
    /// ```swift
    /// app.signInRoute = "sign-in"
    /// app.requireSignedIn(except: "static", "about")
    /// ```
    ///
    /// It is a hook and runs in the order of registration with those of ``beforeRequest(usesSession:_:)``. Other
    /// visitors are sent to ``App/signInRoute``, or answered with 401, on the application even for paths that match no
    /// route. The rule of the sign-in page can always be reached, with any method; what the page needs, such as a style
    /// sheet, must be named here. A rule with variables that takes the page's path too stays closed.
    ///
    /// - Parameter names: The routes that every visitor may see, by their whole names (`admin.help`). A name that no
    ///   route has prevents the start.
    public func requireSignedIn(except names: String...) {
        let isPublic = Set(names.map { Array($0.utf8) })
        self.add(ScaffoldAddition(value: .publicRoutes(names)))
        self.beforeRequest(usesSession: false) { request in
            if let name = request.routeName, isPublic.contains(Array(name.utf8)) { return nil }
            try await request.openSession().requireSignedIn()
            return nil
        }
    }
}
