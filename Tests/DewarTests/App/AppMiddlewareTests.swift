// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import Hummingbird
import HummingbirdCore
import SessionsHummingbird
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Hummingbird's middleware around an application.
@Suite struct AppMiddlewareTests {
    typealias Request = HummingbirdCore.Request
    typealias Response = HummingbirdCore.Response

    @Test func aMiddlewareRunsOutsideOfTheSession() async throws {
        struct Probe: RouterMiddleware {
            let events: Events

            func handle(
                _ request: Request, context: AppRequestContext,
                next: (Request, AppRequestContext) async throws -> Response
            ) async throws -> Response {
                self.events.add((try? await context.session) == nil ? "no session yet" : "session")
                let response = try await next(request, context)
                self.events.add(response.headers[.setCookie] == nil ? "no cookie" : "cookie")
                return response
            }
        }
        let app = App.forTests()
        let events = Events()
        app.add(middleware: Probe(events: events))
        app.beforeRequest { request in
            request.session["seen"] = true
            events.add("hook")
            return nil
        }
        #expect(try await app.testClient().get("/nowhere").status == .notFound)
        #expect(events.all == ["no session yet", "hook", "cookie"])
    }

    @Test func middlewareRunsInTheOrderInWhichItWasAdded() async throws {
        struct Named: RouterMiddleware {
            let name: String
            let events: Events

            func handle(
                _ request: Request, context: AppRequestContext,
                next: (Request, AppRequestContext) async throws -> Response
            ) async throws -> Response {
                self.events.add(self.name)
                return try await next(request, context)
            }
        }
        let app = App.forTests()
        let events = Events()
        app.add(middleware: Named(name: "first", events: events))
        app.add(middleware: Named(name: "second", events: events))
        try await app.testClient().get("/")
        #expect(events.all == ["first", "second"])
    }

    @Test(arguments: [("/user/bob", "user"), ("/about", "GET /about"), ("/nowhere", "NotFound")])
    func aMiddlewareCountsByRouteAndNotByPath(target: String, endpoint: String) async throws {
        struct Counter: RouterMiddleware {
            let events: Events

            func handle(
                _ request: Request, context: AppRequestContext,
                next: (Request, AppRequestContext) async throws -> Response
            ) async throws -> Response {
                let response = try await next(request, context)
                self.events.add(context.endpointPath ?? "")
                return response
            }
        }
        let app = App.forTests()
        let events = Events()
        app.add(middleware: Counter(events: events))
        app.get("/user/<name>", name: "user") { _ in "user" }
        app.get("/about") { _ in "about" }
        try await app.testClient().get(target)
        #expect(events.all == [endpoint])
    }

    @Test func whatAMiddlewareThrowsIsAnsweredAsTheServerWould() async throws {
        struct Guard: RouterMiddleware {
            func handle(
                _ request: Request, context: AppRequestContext,
                next: (Request, AppRequestContext) async throws -> Response
            ) async throws -> Response {
                if request.uri.path == "/broken" { throw Mishap() }
                throw HTTPError(.unauthorized, message: "members only")
            }
        }
        let app = App.forTests()
        app.add(middleware: Guard())
        let client = try app.testClient()
        #expect(try await client.get("/").status == .unauthorized)
        #expect(try await client.get("/broken").status == .internalServerError)
        try await withServer { app in
            app.add(middleware: Guard())
        } _: { url in
            let (_, response) = try await URLSession.shared.data(from: try #require(URL(string: url)))
            #expect((response as? HTTPURLResponse)?.statusCode == 401)
        }
    }
}
