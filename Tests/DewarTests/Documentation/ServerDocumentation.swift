// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Dewar

/// README: docs/SERVER.md, limits.
func limitsDocumentation(_ app: App) {
    app.serverLimits.bodyTimeout = .seconds(120)
    app.serverLimits.maximumConnections = 500
}

/// README: docs/SERVER.md, limits.
func limitsOfTheEnvironmentDocumentation(_ app: App) throws {
    let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    try app.serverLimits.configure(from: environment)
}

/// README: docs/SERVER.md, headers that protect pages.
func securityHeadersDocumentation(_ app: App) {
    app.securityHeaders.strictTransportSecurity = "max-age=63072000; includeSubDomains"
    app.securityHeaders.frameAncestors = "'self' https://portal.example"
}
