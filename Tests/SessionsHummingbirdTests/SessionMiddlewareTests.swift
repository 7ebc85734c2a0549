// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import SessionsPages
import SessionsTesting
import Testing

/// The session is committed on every way out of a handler.
@Suite struct SessionMiddlewareTests {
    struct HandlerFailure: Error {}

    private static func router() throws -> Router<BasicSessionRequestContext> {
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        return router
    }

    private static func response(
        to path: String = "/", headers: HTTPFields = [:], from router: Router<BasicSessionRequestContext>
    ) async throws -> TestResponse {
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: .get, headers: headers) { $0 }
        }
    }

    @Test func aReturnedResponseCarriesTheCookie() async throws {
        let router = try Self.router()
        router.get("/") { _, context in
            try await context.session["username"] = "admin"
            return "ok"
        }
        let response = try await Self.response(from: router)
        #expect(response.headers[.setCookie]?.hasPrefix("session=eyJ1c2VybmFtZSI6ImFkbWluIn0.") == true)
        #expect(response.headers[.vary] == "Cookie")
    }

    @Test func aThrownHTTPErrorKeepsItsStatusAndCarriesTheCookie() async throws {
        let router = try Self.router()
        router.get("/") { _, context -> String in
            try await context.session["username"] = "admin"
            throw HTTPError(.notFound, message: "nobody here")
        }
        let response = try await Self.response(from: router)
        #expect(response.status == .notFound)
        #expect(String(buffer: response.body).contains("nobody here"))
        #expect(response.headers[.setCookie] != nil)
    }

    @Test func anyOtherErrorIsA500ThatCarriesTheCookie() async throws {
        let router = try Self.router()
        router.get("/") { _, context -> String in
            try await context.session["username"] = "admin"
            throw HandlerFailure()
        }
        let response = try await Self.response(from: router)
        #expect(response.status == .internalServerError)
        #expect(response.headers[.setCookie] != nil)
    }

    @Test func aCancelledHandlerHasItsSessionCommitted() async throws {
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        let middleware = SessionMiddleware<BasicSessionRequestContext>(sessions)
        let task = Task { () -> String? in
            withUnsafeCurrentTask { $0?.cancel() }
            do {
                _ = try await middleware.handle(.test, context: .test) { _, context in
                    try await context.session["username"] = "admin"
                    try Task.checkCancellation()
                    return Response(status: .ok)
                }
                return nil
            } catch let error as SessionResponseError {
                #expect(error.underlyingError is CancellationError)
                return error.sessionHeaders.setCookie
            } catch {
                return nil
            }
        }
        #expect(await task.value?.hasPrefix("session=") == true)
    }

    @Test func anOuterMiddlewareStillSeesTheError() async throws {
        struct Witness: RouterMiddleware {
            typealias Context = BasicSessionRequestContext
            func handle(
                _ request: Request, context: Context, next: (Request, Context) async throws -> Response
            ) async throws -> Response {
                do {
                    return try await next(request, context)
                } catch let error as any HTTPResponseError {
                    var response = try error.response(from: request, context: context)
                    response.headers[.server] = "witness of \(error.status.code)"
                    return response
                }
            }
        }
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: Witness())
        router.add(middleware: SessionMiddleware(sessions))
        router.get("/") { _, context -> String in
            try await context.session["username"] = "admin"
            throw HTTPError(.forbidden)
        }
        let response = try await Self.response(from: router)
        #expect(response.headers[.server] == "witness of 403")
        #expect(response.headers[.setCookie] != nil)
    }

    @Test func aSessionThatCannotBeStoredIsA500WithoutACookie() async throws {
        let router = try Self.router()
        router.get("/") { _, context in
            try await context.session["when"] = .date(.distantFuture.addingTimeInterval(1e15))
            return "ok"
        }
        let response = try await Self.response(from: router)
        #expect(response.status == .internalServerError)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.vary] == "Cookie")
    }

    @Test func twoMiddlewaresOpenOneSessionAndSendOneCookie() async throws {
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        router.add(middleware: SessionMiddleware(sessions))
        router.get("/") { _, context in
            try await context.session["username"] = "admin"
            return "ok"
        }
        let response = try await Self.response(from: router)
        #expect(response.headers[values: .setCookie].count == 1)
    }

    @Test func aMissingMiddlewareIsNamedInTheError() async throws {
        let context = BasicSessionRequestContext.test
        let error = await #expect(throws: SessionError.self) { try await context.session["x"] }
        #expect(error?.kind == .missingMiddleware)
        #expect(error?.message.contains("router.add(middleware: SessionMiddleware(sessions))") == true)
    }

    @Test func severalCookieFieldsAreOneHeader() async throws {
        let router = try Self.router()
        router.get("/set") { _, context in
            try await context.session["n"] = 7
            return "ok"
        }
        router.get("/get") { _, context in
            let number: Int? = try await context.session["n"]
            return "\(number ?? 0)"
        }
        let cookie = try await Self.response(to: "/set", from: router).headers[.setCookie] ?? ""
        var headers = HTTPFields()
        headers.append(HTTPField(name: .cookie, value: "theme=dark"))
        headers.append(HTTPField(name: .cookie, value: String(cookie.prefix { $0 != ";" })))
        let response = try await Self.response(to: "/get", headers: headers, from: router)
        #expect(String(buffer: response.body) == "7")
    }

    @Test func aHandlerThatNeverLooksGetsNoVary() async throws {
        let router = try Self.router()
        router.get("/") { _, _ in "ok" }
        let response = try await Self.response(headers: [.cookie: "session=junk"], from: router)
        #expect(response.headers[.vary] == nil)
        #expect(response.headers[.setCookie] == nil)
    }

    /// With a permanent session in Flask's format each response sends the cookie anew.
    @Test func aResponseForAllThatSendsACookieIsNotKept() async throws {
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        router.addSessionsOverview(SessionsOverview(sessions, allowing: { _ in false }), at: "sessions")
        router.get("/enter") { _, context in
            let session = try await context.session
            session["username"] = "admin"
            session.isPermanent = true
            return "ok"
        }
        router.get("/logo") { _, _ in Response(status: .ok, headers: [.cacheControl: "public, max-age=60, immutable"]) }
        router.get("/gone") { _, _ -> String in
            throw HTTPError(.gone, headers: [.cacheControl: "public, max-age=60"])
        }
        let line = try #require(try await Self.response(to: "/enter", from: router).headers[.setCookie])
        let cookie = String(line.prefix { $0 != ";" })
        for path in ["/logo", "/sessions/style.css", "/gone"] {
            let forAll = try await Self.response(to: path, from: router)
            #expect(forAll.headers[.setCookie] == nil && forAll.headers[.cacheControl]?.hasPrefix("public") == true)
            let forOne = try await Self.response(to: path, headers: [.cookie: cookie], from: router)
            #expect(forOne.headers[.setCookie] != nil)
            #expect(forOne.headers[values: .cacheControl] == ["private, no-cache"])
        }
    }

    @Test func theSafeDefaultForbidsCachingASetCookie() async throws {
        let key = SecretKey("7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae")
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(try SessionManager(keys: SecretKeys(key))))
        router.get("/") { _, context in
            try await context.session["username"] = "admin"
            return "ok"
        }
        let response = try await Self.response(from: router)
        #expect(response.headers[.cacheControl] == "no-store")
        let cookie = try #require(response.headers[.setCookie])
        #expect(cookie.hasPrefix("__Host-session="))
        #expect(cookie.hasSuffix("; Secure; HttpOnly; Path=/; SameSite=Lax"))
    }

    /// A shop and its staff have sessions of their own: who is signed in to the one is not signed in to the other.
    @Test func theSessionsOfAnotherManagerAreOthers() async throws {
        let shop = try SessionManager(keys: "a key for tests", configuration: .flask)
        var configuration = SessionConfiguration.flask
        configuration.cookie.name = "staff"
        let staff = try SessionManager(keys: "a key for tests", configuration: configuration)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(shop))
        router.get("/enter") { _, context in
            try await context.session.signIn(as: "1")
            return "ok"
        }
        let admin = router.group("/admin").add(middleware: SessionMiddleware(staff))
        admin.get("/enter") { _, context -> String in
            try await context.session.signIn(as: "2")
            throw HTTPError(.notFound)
        }
        admin.group("/pages").add(middleware: RequireSignedIn()).get("/") { _, context in
            try await context.session.user ?? ""
        }
        let customer = try await Self.response(to: "/enter", from: router).headers[values: .setCookie]
        #expect(customer.map { $0.prefix { $0 != "=" } } == ["session"])
        let shopper = HTTPFields([HTTPField(name: .cookie, value: String(customer[0].prefix { $0 != ";" }))])
        #expect(try await Self.response(to: "/admin/pages", headers: shopper, from: router).status == .unauthorized)
        // The handler has thrown, and both sessions are committed.
        let entered = try await Self.response(to: "/admin/enter", headers: shopper, from: router)
        #expect(entered.status == .notFound)
        let lines = entered.headers[values: .setCookie]
        #expect(lines.map { $0.prefix { $0 != "=" } } == ["staff"])
        let worker = HTTPFields([HTTPField(name: .cookie, value: String((lines.first ?? "").prefix { $0 != ";" }))])
        let page = try await Self.response(to: "/admin/pages", headers: worker, from: router)
        #expect(page.status == .ok && String(buffer: page.body) == "2")
    }
}
