// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension AppDefinition {
    /// The route on which the visitor signs in, or proves again who they are.
    func route(for kind: SignInRequired.Kind) -> String? {
        kind == .notFresh ? self.reauthenticationRoute ?? self.signInRoute : self.signInRoute
    }

    /// Whether the request leads to the page to which the error would send the visitor: by the page's rule, whatever the
    /// method, because the page's form may have a route with another name. Another rule that takes the page's path as well,
    /// such as `/<path:page>`, does not lead there.
    func isWayOut(of error: SignInRequired, _ request: Request) -> Bool {
        guard let name = self.route(for: error.kind) else { return false }
        if let route = request.route {
            return route.staticPath.map { self.routes.serves($0, as: name) } ?? false
        }
        // No handler runs: it is the redirect that adds the page's slash, or the method is none of the page's.
        let path = Array(request.path.utf8)
        return [path, path + [UInt8(ascii: "/")]].contains { self.routes.serves($0, as: name) }
    }

    /// - Throws: ``RouteError`` for a name that no route has: a misspelt page would stay locked.
    func checkPublicRoutes() throws(RouteError) {
        for name in self.publicRoutes { try self.routes.urls.check(name) }
    }

    /// - Throws: ``RouteError`` for a name that no route has, and for a route whose path has variables.
    func checkSignInRoutes(base: URLBase) throws(RouteError) {
        for name in [self.signInRoute, self.reauthenticationRoute].compactMap(\.self) {
            try self.routes.urls.check(name)
            _ = try self.routes.urls.url(for: name, values: [], base: base)
        }
    }
}
