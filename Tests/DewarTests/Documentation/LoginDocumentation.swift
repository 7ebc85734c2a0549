// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: the login app.
func loginDocumentation() async throws {
    let app = App(secretKey: "any random string", sessions: .flask)

    app.get("/", name: "index") { request in
        if let username = request.session["username"] {
            return "Logged in as \(username)<br><b><a href='/logout'>click here to log out</a></b>"
        }
        return "You are not logged in<br><a href='/login'><b>click here to log in</b></a>"
    }

    app.route("/login", methods: .get, .post) { request in
        if request.method == .post {
            request.session["username"] = try await request.form["username"]
            return redirect(app.url(for: "index"))
        }
        return """
            <form method="post"><input name="username"><input type="submit" value="Login"></form>
            """
    }

    app.get("/logout") { request in
        request.session.pop("username")
        return redirect(app.url(for: "index"))
    }

    try await app.run()
}
