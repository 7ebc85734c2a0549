// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension AppDefinition {
    /// The route on which a visitor does what is missing.
    func route(for reason: SignInRequired.Reason) -> String? {
        switch reason {
        case .notSignedIn: self.signInRoute
        case .notFresh: self.reauthenticationRoute ?? self.signInRoute
        }
    }

    /// - Throws: ``RouteError`` for a name that no route has, and for a route whose path has variables.
    func checkSignInRoutes(base: URLBase) throws(RouteError) {
        for name in [self.signInRoute, self.reauthenticationRoute].compactMap(\.self) {
            _ = try self.routes.urls.url(for: name, values: [], base: base)
        }
    }
}
