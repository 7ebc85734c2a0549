// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Dewar's App. `/hello` is declared as a page that does not look at the session, as a health check is.
func serveApp(_ place: Place, port: Int, hasOverview: Bool) async throws {
    let app = App(secretKey: Place.key, sessions: try place.configuration())
    app.get("/hello", usesSession: false) { _ in "Hello" }
    app.get("/") { request in
        guard let username = request.session["username"] else { return "You are not logged in" }
        return "Logged in as \(username)"
    }
    app.get("/count") { request in
        let count = request.session.update("n", default: 0) { $0 += 1 }
        return "\(count)"
    }
    app.post("/login") { request in
        let username = try await request.form["username"]
        request.session["username"] = username
        return "Welcome \(username)"
    }
    if hasOverview { addOverview(to: app) }
    try await app.run(host: "127.0.0.1", port: port)
}

/// The operator's page, for a visitor who is signed in without a password: the server is on the loopback interface.
private func addOverview(to app: App) {
    app.post("/operator") { request in
        request.session.signIn(as: "operator")
        return "Welcome operator"
    }
    app.addSessionsOverview(at: "/admin/sessions", allowing: { session in session.user == "operator" })
}
