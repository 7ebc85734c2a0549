// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

// The secret key stands in the configuration file beside this one: app.secret_key = b'_5#y2L"F4Q8z\n\xec]/'
let options = ExampleOptions.parse()
let app = try await options.app(configurationFile: "config.json")

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

await options.run(app)
