// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/USERS.md, an example.
func signInDocumentation(
    key: SecretKey, store: any SessionStore, isRight: @escaping @Sendable (String, String) -> Bool
) throws -> App {
    let app = App(secretKey: key, sessions: .stored(in: store))
    app.signInRoute = "sign-in"

    app.route("/sign-in", methods: .get, .post, name: "sign-in") { request in
        if request.method == .post {
            let form = try await request.form
            let user = try form["user"]
            guard isRight(user, try form["password"]) else { try abort(403, "That is not the password.") }
            request.session.signIn(as: user)
            return redirect(request.next ?? "/")
        }
        return """
            <form method="post">\(csrf: request)
            <input name="user"> <input name="password" type="password"> <button>Sign in</button>
            </form>
            """
    }

    app.get(
        "/settings",
        handler: requireSignedIn { request in
            "The settings of \(request.session.user)"
        })

    app.post(
        "/email",
        handler: requireFresh(within: .seconds(600)) { request in
            let user = try request.session.requireSignedIn()
            return "\(user) now has the address \(try await request.form["email"])"
        })

    app.post("/sign-out") { request in
        request.session.signOut()
        var response = redirect("/")
        response.clearSiteData()
        return response
    }
    return app
}
