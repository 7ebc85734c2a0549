// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions
import Foundation

// An application of several parts, for the tests of what a running server does with them: a page that fails, work behind
// a request, and what a request knows of its connection.

struct Flood: Error, CustomStringConvertible {
    let description = "<b>the cellar</b> is flooded"
}

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key(or: "any random string"), keyFile: options.keyFile, sessions: options.sessions)

let shop = Blueprint("shop", urlPrefix: "/shop")
shop.get("/", name: "index") { request in "\(request.url(for: ".item", ["item": "shoes"], isExternal: true))" }
shop.route("/<item>", methods: .get, .post, name: "item") { request in
    _ = try await request.body
    throw Flood()
}
app.register(shop)

app.get("/see", name: "see") { request in
    "\(request.scheme) \(request.isSecure) \(app.url(for: "see", isExternal: true))"
}

app.get("/visitor") { request in Response(text: request.remoteAddress ?? "unknown") }

app.post("/length") { request in "\(try await request.body.count)" }

app.get("/megabytes") { _ in Response(text: String(repeating: "x", count: 64 * 1024 * 1024)) }

app.get("/kilobytes/<int:count>") { request in
    Response(text: String(repeating: "x", count: try request.parameters.get("count", as: Int.self) * 1024))
}

app.get("/number/<int:number>") { request in "\(try request.parameters["number"])" }

// The time is real: what a client sends meanwhile is in the memory of this process.
app.get("/wait/<int:milliseconds>") { request in
    try await Task.sleep(for: .milliseconds(try request.parameters.get("milliseconds", as: Int.self)))
    return "waited"
}

// Writes a file named by the query, after a while, and says in the log what became of it. The time is real: the tests
// stop this process while the work is under way, and no clock of theirs reaches into it.
app.get("/work") { request in
    let (path, milliseconds) = (try request.query["file"], request.query.get("ms", as: Int.self) ?? 0)
    let fails = request.query.contains("fails")
    try app.background {
        try await Task.sleep(for: .milliseconds(milliseconds))
        if fails { throw Flood() }
        try Data("done".utf8).write(to: URL(filePath: path))
    }
    return "accepted"
}

try await options.run(app)
