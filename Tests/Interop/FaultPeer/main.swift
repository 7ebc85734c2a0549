// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

// The server that ./faults and ./soak disturb. Each answer says what the handler saw of its session, so that the visitor
// can hold it against what was sent and answered before.

/// What a handler saw of its session, and which request it answered.
struct Sight: Encodable {
    let request: String?
    let user: String?
    let entries: [String: Int]

    init(_ request: Request) {
        self.request = HTTPField.Name("X-Request").flatMap { request.headers[$0] }
        self.user = request.session.user
        var entries: [String: Int] = [:]
        for (key, value) in request.session.entries {
            switch value {
            case .int(let number): entries[key] = number
            // A text weighs on the disk; how long it is tells which one it is.
            case .string(let text) where key == "ballast": entries[key] = text.utf8.count
            default: break
            }
        }
        self.entries = entries
    }
}

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key(or: "any random string"), keyFile: options.keyFile, sessions: options.sessions,
    crossSite: .off)

/// A page that does something with the session, if anything, and says what it is like then.
func page(_ path: String, _ change: @escaping @Sendable (Request) async throws -> Void) {
    app.post(path) { request in
        try await change(request)
        return try Response(json: Sight(request))
    }
}

app.get("/see") { request in try Response(json: Sight(request)) }

page("/sign-in") { request in
    let form = try await request.form
    request.session.removeAll()
    request.session.signIn(as: try form["user"])
    guard let life = form.get("life", as: Int.self) else { try abort(400) }
    request.session["life"] = .int(life)
}

page("/count") { request in _ = request.session.update("n", default: 0) { $0 += 1 } }

page("/put") { request in
    let form = try await request.form
    guard let value = form.get("value", as: Int.self) else { try abort(400) }
    request.session[try form["key"]] = .int(value)
}

page("/grow") { request in
    guard let size = try await request.form.get("value", as: Int.self), (0...1_000_000).contains(size) else {
        try abort(400)
    }
    request.session["ballast"] = .string(String(repeating: "x", count: size))
}

page("/renew") { request in request.session.renew() }

page("/sign-out") { request in request.session.signOut() }

page("/sign-out-everywhere") { request in
    _ = try await app.sessions.revokeAll(of: try await request.form["user"])
}

try await options.run(app)
