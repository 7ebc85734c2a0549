// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Dewar

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
        app.errorHandler(of: RouteError.self) { _, error in "\(error.code.rawValue)" }
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
