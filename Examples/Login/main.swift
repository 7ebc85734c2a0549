// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key(or: "any random string"), keyFile: options.keyFile, sessions: options.sessions)

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
        <form method="post">
        <p><input type="text" name="username" autofocus></p>
        <p><input type="submit" value="Login"></p>
        </form>
        """
}

app.get("/logout") { request in
    // Remove the username from the session if it is there.
    request.session.pop("username")
    return redirect(app.url(for: "index"))
}

try await options.run(app)
