// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/CROSS-SITE.md, what is trusted.
func crossSitePolicyDocumentation(key: SecretKey) -> App {
    let app = App(
        secretKey: key,
        crossSite: CrossSitePolicy(trustedOrigins: ["https://pay.example"], exemptPaths: ["/hooks/"]))
    return app
}

/// README: docs/CROSS-SITE.md, turned off.
func crossSiteOffDocumentation(key: SecretKey) -> App {
    let app = App(secretKey: key, crossSite: .off)
    return app
}

/// README: docs/CROSS-SITE.md, the token.
func crossSiteTokenDocumentation(app: App) {
    app.get("/transfer") { request in
        """
        <form method="post">\(csrf: request)
        <input name="amount"> <button>Send</button>
        </form>
        """
    }

    app.get("/shop") { request in
        "<meta name='csrf-token' content='\(request.csrfToken)'><script src='/static/shop.js'></script>"
    }

    app.errorHandler(of: CrossSiteRefusal.self) { request, refusal in
        Response("<h1>Not done</h1><p>\(refusal.description)</p>", status: .forbidden)
    }
}

/// README: docs/CROSS-SITE.md, any other server.
func crossSiteGuardDocumentation(request: CrossSiteRequest, token: String?, session: Session) throws {
    let guardian = try CrossSiteGuard(CrossSitePolicy())
    let verdict = try guardian.check(request)
    if guardian.demandsToken(after: verdict, in: session) {
        try guardian.check(token: token, in: session)
    }
}
