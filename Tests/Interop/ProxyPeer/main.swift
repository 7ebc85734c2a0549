// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

// An application behind a proxy that says what it takes a request for. Its settings are in the file that it is given.

/// What the application sees of a request.
struct Sight: Encodable {
    let scheme: String
    let isSecure: Bool
    let host: String
    let rootPath: String
    let remoteAddress: String?
    let external: String
    let user: String?
}

let app = await App(configurationFile: CommandLine.arguments[1])

app.get("/see", name: "see") { request in
    let sight = Sight(
        scheme: request.scheme, isSecure: request.isSecure, host: request.host, rootPath: request.rootPath,
        remoteAddress: request.remoteAddress, external: app.url(for: "see", isExternal: true),
        user: request.session.user)
    return try Response(json: sight)
}

app.post("/sign-in") { request in
    request.session.signIn(as: "ada")
    return redirect(app.url(for: "see"))
}

app.get("/folder/") { _ in "the folder" }

try await app.run()
