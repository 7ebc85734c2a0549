// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions
import Foundation

let options = ExampleOptions.fromCommandLine()

// The configuration file sets the secret key: app.secret_key = b'_5#y2L"F4Q8z\n\xec]/'
let file = Bundle.module.path(forResource: "config", ofType: "json") ?? "config.json"
let app = await App(configurationFile: file, secretKey: options.key, sessions: options.sessions)

app.get("/test/session/check") { request in
    if let username = request.session["username"] {
        return "Logged in as \(username)"
    }
    return "You are not logged in"
}

app.get("/test/session/set") { request in
    request.session["username"] = "user"
    return "Test"
}

app.get("/test/session/pop") { request in
    request.session.pop("username")
    return "Test"
}

try await options.run(app)
