// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The Swift files of a new app without sign-in, and what both kinds begin with.
struct ProgramText {
    let name: String

    var main: String {
        #"""
        import Dewar

        // Sessions are in sealed cookies: the visitor can neither read nor change them.
        var sessions = SessionConfiguration()
        \#(Self.plainCookie)
        // config.json names the file of the secret key; HOST and PORT in the environment say where to listen.
        let app = await App(configurationFile: "config.json", sessions: sessions)
        addPages(to: app)
        try await app.run()

        """#
    }

    var pages: String {
        #"""
        import Dewar

        /// The pages of the app.
        func addPages(to app: App) {
            app.templates = Templates(folder: "templates")
            app.staticFiles("static")

            app.get("/", name: "index") { request in
                let visits = request.session.update("visits", default: 0) { $0 += 1 }
                return try render("index", ["visits": visits, "name": request.session["name"]])
            }

            app.post("/name", name: "name") { request in
                request.session["name"] = try await request.form["name"]
                request.session.flash("Hello!")
                return redirect(app.url(for: "index"))
            }
        }

        """#
    }

    /// The settings of the cookie in a debug build; a release build has the safe ones.
    static let plainCookie = """
        #if DEBUG
        // Not every browser keeps a Secure cookie from plain HTTP. The cookie of a release build is Secure.
        sessions.cookie.name = "session"
        sessions.cookie.isSecure = false
        #endif

        """
}
