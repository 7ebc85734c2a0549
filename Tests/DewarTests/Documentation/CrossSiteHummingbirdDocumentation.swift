// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird

/// README: docs/CROSS-SITE.md, Hummingbird.
func crossSiteHummingbirdDocumentation(
    router: Router<BasicSessionRequestContext>, sessions: SessionManager
) throws {
    router.add(middleware: SessionMiddleware(sessions))
    router.add(middleware: try CrossSiteMiddleware(CrossSitePolicy(trustedOrigins: ["https://pay.example"])))
}
