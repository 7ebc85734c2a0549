// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes
import SessionsTesting
import TestSupport
import Testing

/// Where a visitor is led who is not signed in, and what everybody else is told.
@Suite struct SignInRouteTests {
    private let clock = ManualClock()

    private func app(signInRoute: String? = "login", reauthenticationRoute: String? = nil) -> App {
        let app = App(
            secretKey: .forTests, sessions: .flask, clock: self.clock.sessionClock, logger: LogRecorder().logger)
        app.signInRoute = signInRoute
        app.reauthenticationRoute = reauthenticationRoute
        app.get("/", name: "index") { _ in "home" }
        app.route("/login", methods: .get, .post, name: "login") { request in
            guard request.method == .post else { return "<form method=post></form>" }
            request.session.signIn(as: "ada")
            return redirect(request.next ?? app.url(for: "index"))
        }
        app.get("/again", name: "again") { _ in "password?" }
        app.get("/settings", handler: requireSignedIn { request in "settings of \(request.session.user)" })
        app.route(
            "/password", methods: .get, .post, .delete,
            handler: requireFresh(within: .seconds(600)) { request in "\(request.method.rawValue)" })
        app.get("/within") { request in
            let user = try request.session.requireSignedIn()
            return "hello \(user)"
        }
        return app
    }

    @Test(
        arguments: [
            ("/settings", "/login?next=/settings"), ("/password", "/login?next=/password"),
            ("/within?page=2&q=a+b", "/login?next=/within?page%3D2%26q%3Da%2Bb"),
            ("/settings?q=%C3%BC%20x", "/login?next=/settings?q%3D%25C3%25BC%2520x"),
        ])
    func aVisitorIsSentToTheSignInPageAndBack(target: String, location: String) async throws {
        let client = try self.app().testClient()
        let response = try await client.get(target)
        #expect(response.status == .found)
        #expect(response.location == location)
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.headers[.vary] == "Cookie")
        let back = try await client.post(location)
        #expect(back.location == target)
        #expect(try await client.get(target).status == .ok)
    }

    @Test func headIsSentThereToo() async throws {
        let response = try await self.app().testClient().send(.head, "/settings")
        #expect(response.status == .found)
        #expect(response.location == "/login?next=/settings")
    }

    @Test(arguments: [HTTPRequest.Method.post, .delete])
    func otherMethodsAreAnswered401(method: HTTPRequest.Method) async throws {
        let response = try await self.app().testClient().send(method, "/password")
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate] == "Cookie realm=\"session\"")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.text.contains("Please sign in first."))
    }

    @Test(arguments: [("cors", 401), ("same-origin", 401), ("no-cors", 401), ("navigate", 302)])
    func aScriptIsAnswered401(mode: String, status: Int) async throws {
        let name = try #require(HTTPField.Name("Sec-Fetch-Mode"))
        #expect(try await self.app().testClient().get("/settings", headers: [name: mode]).status.code == status)
    }

    @Test func withoutASignInRouteAllAreAnswered401() async throws {
        let response = try await self.app(signInRoute: nil).testClient().get("/settings")
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate] == "Cookie realm=\"session\"")
    }

    @Test func aStepUpLeadsToItsOwnPageOrToTheSignInPage() async throws {
        for (route, path) in [(nil, "/login"), ("again", "/again")] {
            let client = try self.app(reauthenticationRoute: route).testClient()
            #expect(try await client.get("/password").location == "/login?next=/password")
            try await client.post("/login")
            #expect(try await client.get("/password").text == "GET")
            self.clock.advance(by: .seconds(601))
            #expect(try await client.get("/password").location == "\(path)?next=/password")
            let refused = try await client.post("/password")
            #expect(refused.status == .unauthorized)
            #expect(refused.headers[.wwwAuthenticate]?.contains("insufficient_user_authentication") == true)
            #expect(try await client.get("/settings").text == "settings of ada")
        }
    }

    @Test func errorHandlersSeeTheErrorAsAnyOther() async throws {
        let app = self.app(signInRoute: nil)
        app.errorHandler(401) { _, error in Response("<p>\(error is SignInRequired)</p>", status: .unauthorized) }
        let response = try await app.testClient().get("/settings")
        #expect(response.text == "<p>true</p>")
        // A page of one's own cannot forget what a 401 must carry.
        #expect(response.headers[.wwwAuthenticate] == "Cookie realm=\"session\"")
        app.errorHandler(of: SignInRequired.self) { _, error in "\(error.reason == .notSignedIn)" }
        let typed = try await app.testClient().get("/settings")
        #expect(typed.text == "true")
        #expect(typed.headers[.wwwAuthenticate] == nil)
    }

    @Test func aHandlerOfTheTypeGoesBeforeTheRoute() async throws {
        let app = self.app()
        app.errorHandler(of: SignInRequired.self) { _, _ in "mine" }
        #expect(try await app.testClient().get("/settings").text == "mine")
    }

    @Test func aHookMayAskOfEveryPageAndTheSignInPageLeadsNowhere() async throws {
        let app = self.app()
        app.beforeRequest { request in
            try request.session.requireSignedIn()
            return nil
        }
        let client = try app.testClient()
        #expect(try await client.get("/").location == "/login?next=/")
        #expect(try await client.get("/login").status == .unauthorized)
    }

    @Test(arguments: ["//attacker.example/", "/%09/attacker.example"])
    func noWayElsewhereIsSentAlong(target: String) async throws {
        let app = self.app()
        app.beforeRequest { request in
            try request.session.requireSignedIn()
            return nil
        }
        #expect(try await app.testClient().get(target).location == "/login")
    }

    @Test(arguments: ["logn", "item"])
    func aRouteThatIsNoneStopsTheStart(name: String) {
        for app in [self.app(signInRoute: name), self.app(reauthenticationRoute: name)] {
            app.get("/item/<int:id>", name: "item") { _ in "item" }
            #expect(throws: RouteError.self) { try app.testClient() }
        }
    }
}
