// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Dewar
@testable import DewarTesting

/// `url(for:)` in and out of requests; what URLs look like is tested with the routes.
@Suite struct AppURLTests {
    @Test func valuesFillTheRuleAndTheRestIsTheQuery() {
        let app = App.forTests()
        app.get("/user/<name>", name: "user") { _ in "" }
        #expect(app.url(for: "user", ["name": "J ü/rg", "page": 2, "sort": nil]) == "/user/J%20%C3%BC/rg?page=2")
        #expect(app.url(for: "user", ["name": "bob"], anchor: "top") == "/user/bob#top")
    }

    @Test func aRouteWithoutANameIsCalledByItsMethodsAndRule() {
        let app = App.forTests()
        app.get("/about") { _ in "" }
        app.route("/login", methods: .get, .post) { _ in "" }
        #expect(app.url(for: "GET /about") == "/about")
        #expect(app.url(for: "GET,POST /login") == "/login")
    }

    @Test func ofTheRulesOfOneNameTheOneWhoseVariablesAreGivenIsTaken() async throws {
        let app = App.forTests()
        app.get("/users", name: "users") { _ in "all" }
        app.get("/users/page/<int:page>", name: "users") { request in "page \(try request.parameters["page"])" }
        app.post("/users/new", name: "users") { _ in "posted \(app.url(for: "users"))" }
        #expect(app.url(for: "users") == "/users")
        #expect(app.url(for: "users", ["page": 2]) == "/users/page/2")
        #expect(app.url(for: "users", ["sort": "name"]) == "/users?sort=name")
        #expect(app.url(for: "users", ["page": 2, "sort": "name"]) == "/users/page/2?sort=name")
        let client = try app.testClient()
        #expect(try await client.get("/users").text == "all")
        #expect(try await client.get("/users/page/2").text == "page 2")
        // Of those that fit, the one that answers the method of the request, as in Flask.
        #expect(try await client.post("/users/new").text == "posted /users/new")
    }

    @Test func valuesMayBeKnownOnlyWhenTheProgramRuns() {
        let app = App.forTests()
        app.get("/user/<name>", name: "user") { _ in "" }
        var values: [String: URLValue] = ["name": "bob", "tag": ["a", "b"], "page": 2, "sort": nil]
        #expect(app.url(for: "user", values: values) == "/user/bob?page=2&tag=a&tag=b")
        for number in 10..<30 { values["q\(number)"] = URLValue(number) }
        let query = (10..<30).map { "q\($0)=\($0)" }.joined(separator: "&")
        #expect(
            app.url(for: "user", values: values, anchor: "top", isExternal: true)
                == "http://127.0.0.1:5000/user/bob?page=2&\(query)&tag=a&tag=b#top")
        #expect(app.url(for: "user", values: [:]) == "")
    }

    @Test func anExternalURLHasTheHostOfTheRequest() async throws {
        let app = App.forTests()
        app.get("/", name: "index") { _ in
            "\(app.url(for: "index", isExternal: true)) \(app.url(for: "index", scheme: "https"))"
        }
        #expect(try await app.testClient().get("/").text == "http://localhost/ https://localhost/")
    }

    @Test func outsideOfARequestTheHostIsTheServersAddress() {
        let app = App(
            secretKey: .forTests, address: ServerAddress(host: "::1", port: 8080), logger: LogRecorder().logger)
        app.get("/", name: "index") { _ in "" }
        #expect(app.url(for: "index", isExternal: true) == "http://[::1]:8080/")
    }

    @Test func aNameThatNobodyHasIsThe500OfTheRequest() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/", name: "index") { _ in redirect(app.url(for: "indx")) }
        let response = try await app.testClient().get("/")
        #expect(response.status == .internalServerError)
        #expect(response.location == nil)
        #expect(!response.text.contains("indx"))
        #expect(log.text.contains("No route is named \"indx\". Did you mean \"index\"?"))
    }

    @Test func aMissingVariableIsThe500OfTheRequest() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/user/<name>", name: "user") { _ in "" }
        app.get("/") { _ in "\(app.url(for: "user"))" }
        #expect(try await app.testClient().get("/").status == .internalServerError)
        #expect(log.text.contains("needs a value for \"name\""))
    }

    @Test func aWrongNameInAnAfterHookIsA500Too() async throws {
        let app = App.forTests()
        app.get("/") { _ in "ok" }
        app.afterRequest { _, response in
            var response = response
            response.headers[.location] = app.url(for: "nobody")
            return response
        }
        #expect(try await app.testClient().get("/").status == .internalServerError)
    }

    @Test func anErrorAfterAWrongNameHasItsPageAllTheSame() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { _ in
            _ = app.url(for: "nobody")
            throw Mishap()
        }
        app.errorHandler(500) { _, error in Response(text: "\(error)") }
        app.afterRequest { _, response in
            var response = response
            response.headers[.server] = "hook"
            return response
        }
        let response = try await app.testClient().get("/")
        #expect(response.text == "the cellar is flooded")
        #expect(response.headers[.server] == "hook")
        #expect(log.text.contains("the cellar is flooded") && log.text.contains("No route is named"))
    }

    @Test func aWrongNameInAnErrorHandlerIsA500Too() async throws {
        let app = App.forTests()
        app.errorHandler(404) { _, _ in redirect(app.url(for: "nobody")) }
        let response = try await app.testClient().get("/nowhere")
        #expect(response.status == .internalServerError)
        #expect(response.location == nil)
    }

    @Test func anErrorHandlerMayAnswerForAWrongName() async throws {
        let app = App.forTests()
        app.get("/") { _ in redirect(app.url(for: "nobody")) }
        app.errorHandler(of: RouteError.self) { _, error in "\(error.kind.description)" }
        #expect(try await app.testClient().get("/").text == "unknownName")
    }

    @Test func outsideOfARequestAWrongNameIsLogged() {
        let log = LogRecorder()
        #expect(App.forTests(log: log).url(for: "nobody") == "")
        #expect(log.text.contains("No route is named \"nobody\"."))
    }

    @Test func requestsAtTheSameTimeHaveTheirOwnHosts() async throws {
        let app = App.forTests()
        let events = Events()
        app.get("/", name: "index") { _ in
            events.add("here")
            while events.all.count < 2 { await Task.yield() }
            return "\(app.url(for: "index", isExternal: true))"
        }
        let responder = try app.responder()
        async let first = Self.page(of: responder, host: "one.example")
        async let second = Self.page(of: responder, host: "two.example")
        let pages = try await [first, second]
        #expect(pages == ["http://one.example/", "http://two.example/"])
    }

    private static func page(of responder: AppResponder, host: String) async throws -> String {
        let head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/")
        let response = try await responder.respond(
            to: HummingbirdCore.Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            context: AppRequestContext(logger: LogRecorder().logger))
        return String(decoding: try await BodyCollector.bytes(of: response.body), as: UTF8.self)
    }
}
