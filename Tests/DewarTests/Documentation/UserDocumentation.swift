// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// README: docs/USERS.md, signing in and out.
func signInDocumentation(_ session: Session) {
    session.signIn(as: "alice")
}

/// README: docs/USERS.md, signing in and out.
func signedInDocumentation(_ session: Session) throws -> String {
    let user = try session.requireSignedIn()
    return user
}

/// README: docs/USERS.md, signing in and out.
func signOutDocumentation(_ session: Session) {
    session.signOut()
}

/// README: docs/USERS.md, proving it once more.
func stepUpDocumentation(_ session: Session) -> String {
    do {
        try session.requireFresh(within: .seconds(15 * 60))
    } catch {
        return error.kind == .notSignedIn ? "/login" : "/password"
    }
    return "/transfer"
}

/// README: docs/USERS.md, devices.
func devicesDocumentation(_ sessions: SessionManager, cookieFields: [String], userAgent: String?) async throws {
    let session = try await sessions.open(cookieFields, userAgent: userAgent)
    for device in try await sessions.activeSessions(of: "alice", current: session) {
        print(device.deviceLabel ?? "unknown device", device.lastUsedAt, device.isCurrent ? "(this one)" : "")
    }
}

/// README: docs/USERS.md, a limit per user, and the policy.
func limitDocumentation(_ store: MemoryStore) -> SessionConfiguration {
    let configuration = SessionConfiguration(.stored(in: store, sessionLimit: .endingOldest(5)))
    print(configuration.policy)
    return configuration
}

/// README: docs/USERS.md, in an App.
func newsDocumentation(_ app: App) {
    app.get("/news") { request in
        request.session.countsAsUse = false
        guard request.session.user != nil, let left = request.session.timeLeft else { try abort(401) }
        return try Response(json: ["secondsLeft": left.components.seconds])
    }
}

/// README: docs/USERS.md, in an App.
func healthDocumentation(_ app: App) {
    app.get("/health", usesSession: false) { _ in "healthy" }
    app.afterRequest(usesSession: false) { _, response in
        var response = response
        response.headers[.server] = "shop"
        return response
    }
}

/// README: docs/USERS.md, in an App.
func wholeSiteDocumentation(_ app: App) {
    app.signInRoute = "sign-in"
    app.requireSignedIn(except: "static", "about")
}
