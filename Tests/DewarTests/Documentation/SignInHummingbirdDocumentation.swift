// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird

/// README: docs/USERS.md, in Hummingbird.
func signInHummingbirdDocumentation(sessions: SessionManager) {
    let router = Router(context: BasicSessionRequestContext.self)
    router.add(middleware: SessionMiddleware(sessions))
    router.group("account").add(middleware: RequireSignedIn())
        .get { _, context in "Hello \(try await context.session.requireSignedIn())" }
    router.group("email").add(middleware: RequireSignedIn(within: .seconds(600)))
        .post { _, _ in "changed" }
    router.post("/sign-out") { _, context in
        try await context.session.signOut()
        var response = Response.redirect(to: "/")
        response.headers.clearSiteData()
        return response
    }
}
