// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Synchronization

/// Hummingbird with sessions that are made by hand: a name and a number. It is the least that a session costs on this
/// ground, beside which ``./bench`` shows what Dewar's cost.
func serveHandMade(_ place: Place, port: Int) async throws {
    let router = Router(context: HandMadeContext.self)
    router.add(middleware: HandMadeMiddleware(sessions: try await handMadeSessions(in: place)))
    router.get("/hello") { _, _ in "Hello" }
    router.get("/") { _, context in
        guard let name = context.visit.values?.name else { return "You are not logged in" }
        return "Logged in as \(name)"
    }
    router.get("/count") { _, context in
        context.visit.change { $0.count += 1 }
        return "\(context.visit.values?.count ?? 0)"
    }
    router.post("/login") { request, context in
        let form = try await LoginForm.read(request, context: context)
        context.visit.change { $0.name = form.username }
        return "Welcome \(form.username)"
    }
    try await serve(router, port: port, services: [])
}

private func handMadeSessions(in place: Place) async throws -> any HandMadeSessions {
    switch place {
    case .flask, .sealed: HandMadeCookies()
    case .memory: HandMadeIDs(store: HandMadeDictionary())
    case .directory(let path): HandMadeIDs(store: try HandMadeFiles(folder: path))
    case .sqlite(let path): HandMadeIDs(store: try HandMadeTable(path: path))
    case .redis(let url): HandMadeIDs(store: try await HandMadeRedis(url: url))
    case .postgres: throw HTTPError(.notImplemented)
    }
}

private struct HandMadeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    var visit = HandMadeVisit(nil)

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
    }
}

/// What a handler reads and changes.
private final class HandMadeVisit: Sendable {
    private let state: Mutex<(values: HandMadeValues?, isChanged: Bool)>

    init(_ values: HandMadeValues?) {
        self.state = Mutex((values, false))
    }

    var values: HandMadeValues? { self.state.withLock { $0.values } }

    /// The values, if they have to be kept.
    var changes: HandMadeValues? { self.state.withLock { $0.isChanged ? $0.values : nil } }

    func change(_ body: (inout HandMadeValues) -> Void) {
        self.state.withLock { state in
            var values = state.values ?? HandMadeValues()
            body(&values)
            state = (values, true)
        }
    }
}

private struct HandMadeMiddleware: RouterMiddleware {
    let sessions: any HandMadeSessions
    private static let prefix = "session="

    func handle(
        _ request: Request, context: HandMadeContext, next: (Request, HandMadeContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path != "/hello" else { return try await next(request, context) }
        var context = context
        let token = request.headers[.cookie].flatMap(Self.token)
        if let token { context.visit = HandMadeVisit(try await self.sessions.values(of: token)) }
        var response = try await next(request, context)
        if let values = context.visit.changes, let token = try await self.sessions.keep(values, of: token) {
            response.headers[.setCookie] = Self.prefix + token + "; Path=/; HttpOnly; SameSite=Lax"
        }
        response.headers[.vary] = "Cookie"
        return response
    }

    /// What the session's cookie says, which has to be the first.
    private static func token(in field: String) -> String? {
        guard field.utf8.starts(with: Self.prefix.utf8) else { return nil }
        return String(field.utf8.dropFirst(Self.prefix.utf8.count).prefix { $0 != UInt8(ascii: ";") })
    }
}
