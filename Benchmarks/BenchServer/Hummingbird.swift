// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import ServiceLifecycle
import Sessions
import SessionsHummingbird

/// Hummingbird without sessions, with the same pages.
func serveBare(port: Int) async throws {
    let router = Router()
    router.get("/hello") { _, _ in "Hello" }
    router.get("/") { _, _ in "Logged in as admin" }
    router.get("/count") { _, _ in "1" }
    router.post("/login") { request, context in
        let form = try await LoginForm.read(request, context: context)
        return "Welcome \(form.username)"
    }
    try await serve(router, port: port, services: [])
}

/// Hummingbird with the session middleware.
func serveHummingbird(_ place: Place, port: Int) async throws {
    let sessions = try SessionManager(keys: SecretKeys(Place.key), configuration: place.configuration())
    let router = Router(context: BasicSessionRequestContext.self)
    router.add(middleware: SessionMiddleware(sessions))
    router.get("/hello") { _, _ in "Hello" }
    router.get("/") { _, context in
        guard let username: String = try await context.session["username"] else { return "You are not logged in" }
        return "Logged in as \(username)"
    }
    router.get("/count") { _, context in
        let count = try await context.session.update("n", default: 0) { $0 += 1 }
        return "\(count)"
    }
    router.post("/login") { request, context in
        let form = try await LoginForm.read(request, context: context)
        try await context.session["username"] = form.username
        return "Welcome \(form.username)"
    }
    try await serve(router, port: port, services: [SessionPurgeService(sessions)])
}

func serve<Context: RequestContext>(
    _ router: Router<Context>, port: Int, services: [any Service]
) async throws where Context: InitializableFromSource<ApplicationRequestContextSource> {
    let configuration = ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
    try await Application(router: router, configuration: configuration, services: services).runService()
}

struct LoginForm: Decodable {
    let username: String

    static func read(_ request: Request, context: some RequestContext) async throws -> LoginForm {
        let body = try await request.body.collect(upTo: 1 << 16)
        return try URLEncodedFormDecoder().decode(LoginForm.self, from: String(buffer: body))
    }
}
