// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// Groups of routes with hooks of their own. What is expected is what Flask 3.1.3 does with the same blueprints.
@Suite struct BlueprintTests {
    /// A blueprint within a blueprint; each, and the application, has hooks that tell `events` their names.
    private static func nested(_ events: Events, log: LogRecorder = LogRecorder()) -> App {
        let app = App.forTests(log: log)
        let outer = Blueprint("outer", urlPrefix: "/outer/")
        let inner = Blueprint("inner", urlPrefix: "inner")
        self.addHooks(to: inner, "inner", events)
        self.addHooks(to: outer, "outer", events)
        self.addHooks(to: app, "app", events)
        inner.get("/page", name: "page") { request in
            events.add("handler")
            return "\(request.url(for: ".page")) \(app.url(for: "outer.index"))"
        }
        inner.get("") { _ in "bare" }
        inner.get("/stop") { _ in try abort(418) }
        inner.get("/stop404") { _ in try abort(404) }
        inner.get("/broken") { _ in throw Mishap() }
        inner.get("/worse") { _ in throw CancellationError() }
        outer.get("/", name: "index") { _ in "\(app.url(for: ".index")) \(app.url(for: ".inner.page"))" }
        outer.get("/broken", name: "broken") { _ in throw Mishap() }
        app.get("/", name: "home") { request in "\(request.url(for: ".home"))" }
        app.get("/broken") { _ in throw Mishap() }
        self.addErrorHandlers(app: app, outer: outer, inner: inner)
        outer.register(inner)
        app.register(outer)
        app.register(inner, urlPrefix: "/two", name: "second")
        return app
    }

    private static func addHooks(to scaffold: some Scaffold, _ name: String, _ events: Events) {
        scaffold.beforeRequest { request in
            events.add("before \(name) \(request.blueprint ?? "-")")
            return nil
        }
        for number in 1...2 {
            scaffold.afterRequest { _, response in
                events.add("after \(name) \(number)")
                return response
            }
        }
    }

    private static func addErrorHandlers(app: App, outer: Blueprint, inner: Blueprint) {
        inner.errorHandler(404) { _, _ in Response("inner 404", status: 404) }
        outer.errorHandler(404) { _, _ in Response("outer 404", status: 404) }
        app.errorHandler(404) { _, _ in Response("app 404", status: 404) }
        outer.errorHandler(418) { _, _ in Response("outer 418", status: 418) }
        app.errorHandler(418) { _, _ in Response("app 418", status: 418) }
        outer.errorHandler(of: Mishap.self) { _, _ in "outer mishap" }
        app.errorHandler(of: Mishap.self) { _, _ in "app mishap" }
        inner.errorHandler(500) { _, _ in Response("inner 500", status: 500) }
        app.errorHandler(500) { _, _ in Response("app 500", status: 500) }
    }

    private static let afterInner = ["after inner 2", "after inner 1"]
    private static let afterOuter = ["after outer 2", "after outer 1"]
    private static let afterApp = ["after app 2", "after app 1"]

    @Test func theHooksOfTheOuterBlueprintRunAroundThoseOfTheInner() async throws {
        let events = Events()
        let response = try await Self.nested(events).testClient().get("/outer/inner/page")
        #expect(response.text == "/outer/inner/page /outer/")
        #expect(
            events.all
                == ["before app outer.inner", "before outer outer.inner", "before inner outer.inner", "handler"]
                + Self.afterInner + Self.afterOuter + Self.afterApp)
    }

    @Test func automaticOptionsRunTheHooksOfTheirBlueprint() async throws {
        let events = Events()
        let response = try await Self.nested(events).testClient().send(.options, "/outer/inner/page")
        #expect(response.status == .ok)
        #expect(
            events.all
                == ["before app outer.inner", "before outer outer.inner", "before inner outer.inner"]
                + Self.afterInner + Self.afterOuter + Self.afterApp)
    }

    @Test(arguments: ["POST /outer/inner/page 405", "GET /outer/inner/nowhere 404", "GET /outer 308"])
    func whatMatchesNoRouteBelongsToNoBlueprint(request: String) async throws {
        let events = Events()
        let parts = request.split(separator: " ").map(String.init)
        let method: HTTPRequest.Method = parts[0] == "POST" ? .post : .get
        let response = try await Self.nested(events).testClient().send(method, parts[1])
        #expect("\(response.status.code)" == parts[2])
        #expect(parts[2] != "404" || response.text == "app 404")
        #expect(events.all == ["before app -"] + Self.afterApp)
    }

    @Test(arguments: [
        ("/outer/inner/stop", "outer 418"), ("/outer/inner/stop404", "inner 404"),
        ("/outer/inner/broken", "outer mishap"), ("/outer/inner/worse", "inner 500"),
        ("/outer/broken", "outer mishap"), ("/broken", "app mishap"), ("/two/broken", "app mishap"),
        ("/two/stop", "app 418"),
    ])
    func theInnermostErrorHandlerAnswers(path: String, text: String) async throws {
        #expect(try await Self.nested(Events()).testClient().get(path).text == text)
    }

    @Test(arguments: [
        ("/outer/inner", "bare"), ("/outer/", "/outer/ /outer/inner/page"), ("/", "/"), ("/two", "bare"),
        ("/two/page", "/two/page /outer/"),
    ])
    func prefixesAndNamesJoin(path: String, text: String) async throws {
        #expect(try await Self.nested(Events()).testClient().get(path).text == text)
    }

    @Test func aBlueprintThatIsRegisteredTwiceRunsUnderBothNames() async throws {
        let events = Events()
        try await Self.nested(events).testClient().get("/two/page")
        #expect(
            events.all == ["before app second", "before inner second", "handler"] + Self.afterInner + Self.afterApp)
    }

    @Test func anEarlyAnswerOfTheApplicationSkipsTheHooksOfTheBlueprint() async throws {
        let app = App.forTests()
        let events = Events()
        app.beforeRequest { request in request.query.contains("early") ? "early" : nil }
        let blueprint = Blueprint("b")
        Self.addHooks(to: blueprint, "b", events)
        blueprint.get("/") { _ in "page" }
        app.register(blueprint)
        let client = try app.testClient()
        #expect(try await client.get("/?early=1").text == "early")
        #expect(events.all == ["after b 2", "after b 1"])
        #expect(try await client.get("/").text == "page")
    }

    @Test func aVariableOfThePrefixIsOneOfTheRoute() async throws {
        let app = App.forTests()
        let shop = Blueprint("shop", urlPrefix: "/<lang>")
        shop.get("/item/<int:id>", name: "item") { request in
            "\(try request.parameters["lang"]) \(app.url(for: ".item", ["lang": "fr", "id": 2]))"
        }
        app.register(shop)
        #expect(try await app.testClient().get("/en/item/1").text == "en /fr/item/2")
    }

    @Test func aRouteWithoutANameIsCalledByItsWholeRule() async throws {
        let app = App.forTests()
        let blueprint = Blueprint("b", urlPrefix: "/b")
        blueprint.post("/x") { request in "\(request.routeName) \(request.blueprint)" }
        app.register(blueprint)
        #expect(try await app.testClient().post("/b/x").text == "POST /b/x b")
    }

    @Test func aBlueprintMayBeForSignedInVisitorsAlone() async throws {
        let app = App.forTests()
        let admin = Blueprint("admin", urlPrefix: "/admin")
        admin.requireSignedIn(except: "admin.help")
        admin.get("/", name: "index") { _ in "index" }
        admin.get("/help", name: "help") { _ in "help" }
        app.get("/", name: "index") { _ in "home" }
        app.register(admin)
        let client = try app.testClient()
        #expect(try await client.get("/admin/").status == .unauthorized)
        #expect(try await client.get("/admin/help").text == "help")
        #expect(try await client.get("/").text == "home")
    }

    @Test func aRouteThatIsPublicByAWrongNameStopsTheStart() {
        let app = App.forTests()
        let admin = Blueprint("admin", urlPrefix: "/admin")
        admin.requireSignedIn(except: "help")
        admin.get("/help", name: "help") { _ in "help" }
        app.register(admin)
        let error = #expect(throws: RouteError.self) { try app.testClient() }
        #expect(error?.kind == .unknownName)
    }

    @Test func theRelativeNameOfNoRouteIsA500() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let blueprint = Blueprint("b", urlPrefix: "/b")
        blueprint.get("/") { request in "\(request.url(for: ".nowhere"))" }
        app.get("/nowhere", name: "nowhere") { _ in "not this one" }
        app.register(blueprint)
        #expect(try await app.testClient().get("/b/").status == .internalServerError)
        #expect(log.text.contains("No route is named \"b.nowhere\"."))
    }

    // MARK: - Mistakes

    private static func mistake(_ define: (App) -> Void) -> RouteError? {
        let app = App.forTests()
        define(app)
        return #expect(throws: RouteError.self) { try app.testClient() }
    }

    @Test func aNameWithADotIsRefused() {
        let blueprint = Self.mistake { $0.register(Blueprint("a.b")) }
        #expect(blueprint?.kind == .invalidName)
        #expect(blueprint?.description.hasPrefix("The blueprint \"a.b\" must have no dot in its name") == true)
        let renamed = Self.mistake { $0.register(Blueprint("a"), name: "a.b") }
        #expect(renamed?.kind == .invalidName)
        let empty = Self.mistake { $0.register(Blueprint("")) }
        #expect(empty?.description == "A blueprint must have a name.")
        let route = Self.mistake { app in
            let blueprint = Blueprint("a")
            blueprint.get("/", name: "b.c") { _ in "ok" }
            app.register(blueprint)
        }
        #expect(route?.kind == .invalidName)
        #expect(route?.description.hasPrefix("The route \"b.c\" of the blueprint \"a\" must have no dot") == true)
    }

    @Test func aNameThatIsTakenIsRefused() {
        let error = Self.mistake { app in
            app.register(Blueprint("a"), urlPrefix: "/1")
            app.register(Blueprint("a"), urlPrefix: "/2")
        }
        #expect(error?.kind == .invalidName)
        #expect(error?.description.hasPrefix("There is a blueprint \"a\" already") == true)
        let app = App.forTests()
        let outer = Blueprint("a")
        outer.register(Blueprint("a"))
        app.register(outer)
        #expect(throws: Never.self) { try app.testClient() }
    }

    @Test func aBlueprintWithinItselfIsRefused() {
        let error = Self.mistake { app in
            let (one, two) = (Blueprint("one"), Blueprint("two"))
            one.register(two)
            two.register(one)
            app.register(one)
        }
        #expect(error?.description == "The blueprint \"one\" is registered within itself.")
    }

    @Test func whatIsAddedAfterTheRegistrationStopsTheStart() {
        let route = Self.mistake { app in
            let blueprint = Blueprint("late")
            app.register(blueprint)
            blueprint.get("/late") { _ in "ok" }
        }
        #expect(route?.kind == .addedTooLate)
        #expect(
            route?.description == """
                The blueprint "late" got the route "/late" after it had been registered; register it last.
                """)
        let hook = Self.mistake { app in
            let (outer, inner) = (Blueprint("outer"), Blueprint("inner"))
            outer.register(inner)
            app.register(outer)
            inner.beforeRequest { _ in nil }
        }
        #expect(hook?.kind == .addedTooLate)
    }

    @Test func aPrefixWithoutASlashIsRefused() {
        let error = Self.mistake { app in
            let blueprint = Blueprint("b", urlPrefix: "b")
            blueprint.get("/x") { _ in "ok" }
            app.register(blueprint)
        }
        #expect(error?.description == "The rule \"b/x\" must start with a slash.")
    }

    @Test func whatIsAddedAfterTheStartIsTold() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let client = try app.testClient()
        #expect(log.warnings == 0)
        app.get("/late") { _ in "late" }
        #expect(log.text.contains("the application was changed after its start"))
        #expect(try await client.get("/late").status == .notFound)
        app.signInRoute = "late"
        #expect(log.warnings == 2)
    }

    @Test func whatIsAddedToABlueprintAfterTheStartIsTold() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let blueprint = Blueprint("shop")
        blueprint.get("/shop") { _ in "shop" }
        app.register(blueprint)
        let client = try app.testClient()
        #expect(log.warnings == 0)
        blueprint.get("/late") { _ in "late" }
        #expect(log.text.contains("a blueprint was changed after the application's start"))
        #expect(log.text.contains("shop"))
        #expect(log.warnings == 1)
        #expect(try await client.get("/late").status == .notFound)
        #expect(try await client.get("/shop").status == .ok)
    }
}
