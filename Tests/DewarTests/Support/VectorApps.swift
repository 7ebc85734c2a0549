// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import TestSupport

/// The three applications of `http_transcripts.json`, with the tutorials' literal pages.
enum VectorApps {
    /// Python cannot join text with a name that is none.
    struct NotText: Error {}

    static func define(_ name: String, on app: App) throws {
        switch name {
        case "login": Self.login(app)
        case "gate": Self.gate(app)
        case "probe": Self.probe(app)
        default: throw NotText()
        }
    }

    private static func username(_ session: Session) throws -> String? {
        guard let value = session["username"] else { return nil }
        guard case .string(let text) = value else { throw NotText() }
        return text
    }

    private static func login(_ app: App) {
        app.get("/", name: "index") { request in
            guard let username = try Self.username(request.session) else {
                return "You are not logged in <br><a href = '/login'></b>click here to log in</b></a>"
            }
            return "Logged in as \(username)<br><b><a href = '/logout'>click here to log out</a></b>"
        }
        app.route("/login", methods: .get, .post) { request in
            if request.method == .post {
                request.session["username"] = try await request.form["username"]
                return redirect(app.url(for: "index"))
            }
            let field = "<p><input type = text name = username/></p> <p<<input type = submit value = Login/></p>"
            return Response(HTML(raw: " <form action = \"\" method = \"post\"> \(field) </form> "))
        }
        app.get("/logout") { request in
            request.session.pop("username")
            return redirect(app.url(for: "index"))
        }
    }

    private static func gate(_ app: App) {
        app.post("/login") { request in
            guard try await request.form["username"] == "admin" else { return "Login failed!" }
            request.session["logged_in"] = true
            return "Logged in successfully!"
        }
        app.get("/dashboard") { request in
            request.session["logged_in"]?.isTruthy == true ? "Welcome to the dashboard!" : "Access denied!"
        }
        app.get("/logout") { request in
            request.session.pop("logged_in")
            return "Logged out successfully!"
        }
    }

    private static func probe(_ app: App) {
        app.get("/test/session/check") { request in
            guard let username = try Self.username(request.session) else { return "You are not logged in" }
            return "Logged in as \(username)"
        }
        app.get("/test/session/set") { request in
            request.session["username"] = "user"
            return "Test"
        }
        app.get("/test/session/pop") { request in
            request.session.pop("username")
            return "Test"
        }
    }
}
