// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird

/// README: docs/SERVER.md, headers that protect pages.
func securityHeadersHummingbirdDocumentation(sessions: SessionManager) {
    let router = Router(context: BasicSessionRequestContext.self)
    router.add(middleware: SecurityHeadersMiddleware { _, _ in true })
    router.add(middleware: SessionMiddleware(sessions))
}
