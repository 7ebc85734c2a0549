// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HummingbirdCore
import NIOCore

// An application behind a proxy that says what it takes a request for, and how its responses travel. Its settings are in
// the file that it is given, and static files in the folder after that.

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

app.compression = .gzip
if CommandLine.arguments.count > 2 { app.staticFiles(CommandLine.arguments[2], fingerprints: true) }

let words = String(repeating: "what compresses well ", count: 50_000)

app.get("/words") { _ in Response(text: words) }
app.get("/token") { request in "\(csrf: request)\(words)" }
app.get("/url/<path:name>") { request in
    Response(text: app.url(for: "static", ["filename": URLValue(try request.parameters["name"])]))
}

/// What lets a stream go on: a request to `/go`.
let (steps, step) = AsyncStream.makeStream(of: Void.self)

app.get("/go") { _ in
    step.yield()
    return "gone on"
}
app.get("/steps", usesSession: false) { _ in
    let body = ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "first\n"))
        for await _ in steps { break }
        try await writer.write(ByteBuffer(string: "second\n"))
        try await writer.finish(nil)
    }
    return Response(headers: [.contentType: "text/plain"], body: .stream(body))
}

app.get("/folder/") { _ in "the folder" }

try await app.run()
