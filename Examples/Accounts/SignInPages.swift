// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Signing in, proving it again, and signing out.
func addSignInPages(to app: App) {
    app.signInRoute = "sign-in"
    app.reauthenticationRoute = "again"
    let limit = app.signInLimit()
    app.errorHandler(of: SignInLimitReached.self) { request, error in
        var response = page(request, "Too many attempts", "<p>\(error.description)</p>")
        response.status = .tooManyRequests
        return response
    }

    app.get("/", name: "index") { request in
        // requireSignedIn() and not just `user`: the Back button must not show this page after the sign-out.
        guard let user = try? request.session.requireSignedIn() else {
            return page(
                request, "Accounts", "<p>You are not signed in. <a href=\"\(app.url(for: "sign-in"))\">Sign in</a></p>")
        }
        return page(
            request, "Accounts",
            """
            <p>Signed in as \(user). <a href="\(app.url(for: "devices"))">Your devices</a>\
            \(isOperator(user) ? HTML(" <a href=\"\(app.url(for: "sessions"))\">All sessions</a>") : nil)</p>
            <form method="post" action="\(app.url(for: "sign-out"))">\(csrf: request) <button>Sign out</button></form>
            """)
    }

    app.route("/sign-in", methods: .get, .post, name: "sign-in") { request in
        // Whoever is somebody else now signs out first, so that nothing of one user's session becomes another's.
        if request.session.user != nil { return redirect(app.url(for: "index")) }
        var note: String?
        if request.method == .post {
            let form = try await request.form
            let (user, password) = (try form["user"], try form["password"])
            let isUser = try await limit.attempt(as: user, from: request.remoteAddress, logger: request.logger) {
                isRight(password, of: user)
            }
            if isUser {
                request.session.signIn(as: user)
                return redirect(request.next ?? app.url(for: "index"))
            }
            note = "There is no such user with that password."
        }
        return page(
            request, "Sign in", note: note,
            """
            <form method="post">\(csrf: request)
            <p><label>User <input name="user" autocomplete="username" autofocus></label></p>
            <p><label>Password <input type="password" name="password" autocomplete="current-password"></label></p>
            <p><button>Sign in</button></p>
            </form>
            """)
    }

    let again = requireSignedIn { request in
        var note: String?
        if request.method == .post {
            let user = try request.session.requireSignedIn()
            let password = try await request.form["password"]
            let isUser = try await limit.attempt(as: user, from: request.remoteAddress, logger: request.logger) {
                isRight(password, of: user)
            }
            if isUser {
                request.session.reauthenticate()
                return redirect(request.next ?? app.url(for: "index"))
            }
            note = "That is not your password."
        }
        return page(
            request, "Is it still you?", note: note,
            """
            <form method="post">\(csrf: request)
            <p><label>Password
            <input type="password" name="password" autocomplete="current-password" autofocus></label></p>
            <p><button>Go on</button></p>
            </form>
            """)
    }
    app.route("/again", methods: .get, .post, name: "again", handler: again)

    app.post("/sign-out", name: "sign-out") { request in
        request.session.signOut()
        var response = redirect(app.url(for: "index"))
        response.clearSiteData()
        return response
    }
}
