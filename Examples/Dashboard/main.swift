// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key(or: "your_secret_key"), keyFile: options.keyFile, sessions: options.sessions)

app.post("/login") { request in
    let username = try await request.form["username"]
    // Check username and password.
    if username == "admin" {
        request.session.signIn(as: username)
        return "Logged in successfully!"
    }
    return "Login failed!"
}

app.get("/dashboard", handler: requireSignedIn { request in "Welcome to the dashboard!" })

app.get("/logout") { request in
    request.session.signOut()
    return "Logged out successfully!"
}

// The tutorial's page for whoever is not logged in.
app.errorHandler(of: SignInRequired.self) { _, _ in "Access denied!" }

try await options.run(app)
