// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key ?? "your_secret_key", secretKeyFallbacks: options.fallbacks, sessions: options.sessions)

app.post("/login") { request in
    let username = try await request.form["username"]
    // Check username and password.
    if username == "admin" {
        request.session["logged_in"] = true
        return "Logged in successfully!"
    }
    return "Login failed!"
}

app.get("/dashboard") { request in
    if request.session["logged_in"]?.isTruthy == true {
        return "Welcome to the dashboard!"
    }
    return "Access denied!"
}

app.get("/logout") { request in
    request.session.pop("logged_in")
    return "Logged out successfully!"
}

await options.run(app)
