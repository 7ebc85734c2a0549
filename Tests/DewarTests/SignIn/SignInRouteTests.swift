// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
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
        app.errorHandler(of: SignInRequired.self) { _, error in "\(error.kind == .notSignedIn)" }
        let typed = try await app.testClient().get("/settings")
        #expect(typed.text == "true")
        #expect(typed.headers[.wwwAuthenticate] == nil)
    }

    @Test func aHandlerOfTheTypeGoesBeforeTheRoute() async throws {
        let app = self.app()
        app.errorHandler(of: SignInRequired.self) { _, _ in "mine" }
        #expect(try await app.testClient().get("/settings").text == "mine")
    }

    @Test func aHookMayAskOfEveryPageAndTheSignInPageStaysOpen() async throws {
        let app = self.app()
        app.get("/about", name: "about") { _ in "about" }
        app.beforeRequest { request in
            try request.session.requireSignedIn()
            return nil
        }
        let client = try app.testClient()
        #expect(try await client.get("/").location == "/login?next=/")
        #expect(try await client.get("/nowhere").location == "/login?next=/nowhere")
        #expect(try await client.get("/about").location == "/login?next=/about")
        #expect(try await client.get("/login").text == "<form method=post></form>")
        #expect(try await client.send(.head, "/login").status == .ok)
        #expect(try await client.post("/login?next=/about").location == "/about")
        #expect(try await client.get("/about").text == "about")
    }

    @Test func theSignInPageKeepsItsSlashAndItsFormsOwnRoute() async throws {
        let app = App.forTests()
        app.signInRoute = "login"
        app.get("/login/", name: "login") { _ in "form" }
        app.post("/login/") { request in
            request.session.signIn(as: "ada")
            return "signed in"
        }
        app.beforeRequest { request in
            try request.session.requireSignedIn()
            return nil
        }
        let client = try app.testClient()
        #expect(try await client.get("/login").location == "/login/")
        #expect(try await client.get("/login/more").location == "/login/?next=/login/more")
        #expect(try await client.post("/login/").text == "signed in")
    }

    /// The way to the sign-in page is open, and not whatever else has its path.
    @Test(arguments: [("/login", "/login"), ("/login/", "/login"), ("/login/", "/login/"), ("/login", "//login")])
    func anotherRuleOfItsPathStaysClosed(rule: String, path: String) async throws {
        let app = App.forTests()
        app.signInRoute = "login"
        app.get(rule, name: "login") { _ in "form" }
        app.put("/<path:page>") { _ in "written" }
        app.patch("/<name>", name: "login") { _ in "changed" }
        app.patch("/<name>/", name: "login") { _ in "changed" }
        app.requireSignedIn()
        let client = try app.testClient()
        #expect(try await client.send(.put, path).status == .unauthorized)
        #expect(try await client.send(.patch, path).status == .unauthorized)
        #expect(try await client.get(rule).text == "form")
        // No route has this method there: nothing runs, and the visitor is told so.
        #expect(try await client.send(.delete, path).status == .methodNotAllowed)
        try await client.withSession { $0.signIn(as: "ada") }
        #expect(try await client.send(.put, path).text == "written")
    }

    @Test func aRouteWithoutTheSlashOfTheSignInPageStaysClosed() async throws {
        let app = App.forTests()
        app.signInRoute = "login"
        app.get("/login/", name: "login") { _ in "form" }
        app.put("/login") { _ in "written" }
        app.get("/login", name: "bare") { _ in "secret" }
        app.requireSignedIn()
        let client = try app.testClient()
        #expect(try await client.send(.put, "/login").status == .unauthorized)
        #expect(try await client.get("/login").location == "/login/?next=/login")
        #expect(try await client.get("/login/").text == "form")
    }

    @Test func aHookOfABlueprintLeavesNoOtherRuleOpenEither() async throws {
        let app = App.forTests()
        app.signInRoute = "admin.login"
        let admin = Blueprint("admin", urlPrefix: "/admin")
        admin.get("/login", name: "login") { _ in "form" }
        admin.put("/<path:page>") { _ in "written" }
        admin.requireSignedIn()
        app.register(admin)
        let client = try app.testClient()
        #expect(try await client.get("/admin/login").text == "form")
        #expect(try await client.send(.put, "/admin/login").status == .unauthorized)
    }

    @Test func anotherRuleOfThePathOfTheStepUpStaysClosed() async throws {
        let app = self.app(reauthenticationRoute: "again")
        app.put("/<path:page>") { _ in "written" }
        app.post("/again") { _ in "proved" }
        app.beforeRequest { request in
            try request.session.requireFresh(within: .seconds(600))
            return nil
        }
        let client = try app.testClient()
        try await client.post("/login")
        #expect(try await client.send(.put, "/again").text == "written")
        self.clock.advance(by: .seconds(601))
        #expect(try await client.send(.put, "/again").status == .unauthorized)
        #expect(try await client.get("/again").text == "password?")
        #expect(try await client.post("/again").text == "proved")
    }

    @Test func aHookThatAsksForAFreshSignInLeavesItsPageOpen() async throws {
        let app = self.app(reauthenticationRoute: "again")
        app.beforeRequest { request in
            try request.session.requireFresh(within: .seconds(600))
            return nil
        }
        let client = try app.testClient()
        // Without a sign-in there is nothing to prove once more.
        #expect(try await client.get("/again").location == "/login?next=/again")
        try await client.post("/login")
        self.clock.advance(by: .seconds(601))
        #expect(try await client.get("/").location == "/again?next=/")
        #expect(try await client.get("/again").text == "password?")
    }

    /// With a leading dot it would be found, and not be known for the sign-in page again: the redirect would have no end.
    @Test func aNameWithADotInFrontIsRefused() {
        let app = self.app()
        app.signInRoute = ".login"
        #expect(throws: RouteError.self) { try app.testClient() }
    }

    @Test func whatAHandlerAsksForIsAskedForOnTheSignInPageToo() async throws {
        let app = App.forTests()
        app.signInRoute = "login"
        app.get("/login", name: "login", handler: requireSignedIn { _ in "never" })
        #expect(try await app.testClient().get("/login").status == .unauthorized)
    }

    @Test func theWholeSiteButSomeRoutes() async throws {
        let app = self.app(reauthenticationRoute: "again")
        app.requireSignedIn(except: "about", "GET /terms")
        app.get("/about", name: "about") { _ in "about" }
        app.post("/about") { _ in "changed" }
        app.get("/terms") { _ in "terms" }
        let client = try app.testClient()
        #expect(try await client.get("/about").text == "about")
        #expect(try await client.send(.head, "/about").status == .ok)
        #expect(try await client.get("/terms").text == "terms")
        #expect(try await client.post("/about").status == .unauthorized)
        #expect(try await client.get("/").location == "/login?next=/")
        #expect(try await client.get("/nowhere").location == "/login?next=/nowhere")
        #expect(try await client.get("/login").status == .ok)
        try await client.post("/login")
        #expect(try await client.get("/").text == "home")
        #expect(try await client.get("/nowhere").status == .notFound)
    }

    @Test func staticFilesAreAskedForUnlessTheyAreLeftOut() async throws {
        let folder = try TemporaryFolder()
        try Data("body {}".utf8).write(to: URL(filePath: folder.file("style.css")))
        for (names, status) in [(["static"], 200), ([], 302)] {
            let app = self.app()
            app.staticFiles(folder.path)
            if names.isEmpty { app.requireSignedIn() } else { app.requireSignedIn(except: "static") }
            #expect(try await app.testClient().get("/static/style.css").status.code == status)
        }
    }

    @Test func aRouteLeftOutThatIsNoneStopsTheStart() {
        let app = self.app()
        app.requireSignedIn(except: "index", "abuot")
        let error = #expect(throws: RouteError.self) { try app.testClient() }
        #expect(error?.kind == .unknownName)
        #expect(error?.description.hasPrefix("No route is named \"abuot\".") == true)
    }

    @Test(arguments: [
        "//attacker.example/", "///attacker.example/", "/\\attacker.example/", "/%5Cattacker.example/",
        "/%09/attacker.example",
    ])
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
