// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

let options = RotatingOptions.fromCommandLine()
let app = App(
    secretKey: options.example.key(or: "any random string"), secretKeyFallbacks: options.fallbacks,
    keyFile: options.example.keyFile, sessions: options.example.sessions)

app.get("/count") { request in
    // Run again on what another request wrote meanwhile, so that no count is lost.
    let n = request.session.update("n", default: 0) { $0 += 1 }
    return "\(n)"
}

app.get("/", name: "index") { request in
    if let username = request.session["username"] {
        return "Logged in as \(username)<br><b><a href='/logout'>click here to log out</a></b>"
    }
    return "You are not logged in"
}

app.post("/login") { request in
    request.session["username"] = try await request.form["username"]
    return redirect(app.url(for: "index"))
}

app.get("/logout") { request in
    request.session.pop("username")
    return redirect(app.url(for: "index"))
}

try await options.example.run(app)
