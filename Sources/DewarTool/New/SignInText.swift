// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The user whom a new app has for a demonstration, in a debug build only.
enum DemoUser {
    static let name = "ada"
    static let password = "analytical engine"
}

/// The Swift files of a new app with sign-in.
extension ProgramText {
    var signInMain: String {
        #"""
        import Dewar
        import SessionsDirectory

        // Sessions are files in the folder "sessions": dewar sessions list --store directory:sessions
        var sessions = SessionConfiguration.stored(in: try DirectoryStore(path: "sessions"))
        \#(Self.plainCookie)
        // config.json names the file of the secret key; HOST and PORT in the environment say where to listen.
        let app = await App(configurationFile: "config.json", sessions: sessions)
        addPages(to: app)
        addSignIn(to: app)
        try await app.run()

        """#
    }

    var signInPages: String {
        #"""
        import Dewar

        /// The pages of the app.
        func addPages(to app: App) {
            app.templates = Templates(folder: "templates")
            app.staticFiles("static")

            app.get("/", name: "index") { request in
                // For a user's page: so that the Back button does not show it after the sign-out.
                if request.session.user != nil { _ = try request.session.requireSignedIn() }
                return try render("index")
            }

            // A page for users alone: who is not signed in is sent to the page to sign in, and back.
            let visits = requireSignedIn { request in
                let visits = request.session.update("visits", default: 0) { $0 += 1 }
                return "You were here \(visits) times."
            }
            app.get("/visits", name: "visits", handler: visits)
        }

        """#
    }

    var signIn: String {
        #"""
        import Dewar

        /// Signing in and out, and the page on which users see where they are signed in.
        func addSignIn(to app: App) {
            app.signInRoute = "sign-in"
            // After five wrong passwords in a row a user has to wait, the longer the more follow.
            let limit = app.signInLimit()
            app.errorHandler(of: SignInLimitReached.self) { _, error in
                try render("sign-in", ["problem": error.description], status: .tooManyRequests)
            }

            // Who is signed in already is asked for the password again, as before a change on the page of devices.
            app.route("/sign-in", methods: .get, .post, name: "sign-in") { request in
                guard request.method == .post else { return try render("sign-in") }
                let form = try await request.form
                let signedIn = request.session.user
                let (user, password) = (try signedIn ?? form["user"], try form["password"])
                let isUser = try await limit.attempt(as: user, from: request.remoteAddress) {
                    isRight(password, of: user)
                }
                guard isUser else {
                    return try render("sign-in", ["problem": "There is no such user with that password."])
                }
                if signedIn == nil {
                    request.session.signIn(as: user)
                } else {
                    request.session.reauthenticate()
                }
                return redirect(request.next ?? app.url(for: "index"))
            }

            app.post("/sign-out", name: "sign-out") { request in
                request.session.signOut()
                var response = redirect(app.url(for: "index"))
                response.clearSiteData()
                return response
            }

            app.addSignedInDevices(at: "/devices", header: { "<a href=\"\(app.url(for: "index"))\">\#(name)</a>" })
        }

        """#
    }

    var demoUsers: String {
        #"""
        // REPLACE THIS FILE. It has one user, with a password that stands in the source, and in a debug build only.
        //
        // An app keeps a slow hash of each password with a salt of its own (Argon2id or scrypt, from a library that does
        // just that), and compares it in constant time. See the OWASP Password Storage Cheat Sheet. SignIn.swift limits how
        // often a visitor may try.

        #if DEBUG
        private let passwords = ["\#(DemoUser.name)": "\#(DemoUser.password)"]
        #else
        #warning("DemoUsers.swift has no users in a release build: replace it.")
        private let passwords: [String: String] = [:]
        #endif

        /// Whether it is the user's password.
        func isRight(_ password: String, of user: String) -> Bool {
            passwords[user] == password
        }

        """#
    }
}
