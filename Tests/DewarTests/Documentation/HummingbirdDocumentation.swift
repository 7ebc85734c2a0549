// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird

/// README: docs/SERVERS.md, with plain Hummingbird.
func hummingbirdDocumentation() async throws {
    let sessions = try SessionManager(keys: "put your own 32 random bytes or more here")
    let router = Router(context: BasicSessionRequestContext.self)
    router.add(middleware: SessionMiddleware(sessions))
    router.get("/count") { _, context in
        let count = try await context.session.update("count", default: 0) { $0 += 1 }
        return "You were here \(count) times."
    }
    try await Application(router: router).runService()
}

/// README: docs/SERVERS.md, with plain Hummingbird, over plain HTTP.
func plainHTTPDocumentation() -> SessionConfiguration {
    var configuration = SessionConfiguration()
    configuration.cookie = .flask
    return configuration
}
