// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Testing

/// Which handler answers which request.
@Suite struct RouteTests {
    @Test func aRouteAnswersItsMethodsAlone() async throws {
        let app = App.forTests()
        app.route("/login", methods: .get, .post) { request in "\(request.method.rawValue)" }
        let client = try app.testClient()
        #expect(try await client.get("/login").text == "GET")
        #expect(try await client.post("/login").text == "POST")
        #expect(try await client.send(.put, "/login").status == .methodNotAllowed)
    }

    @Test func everyMethodHasItsWord() async throws {
        let app = App.forTests()
        app.get("/") { _ in "get" }
        app.post("/") { _ in "post" }
        app.put("/") { _ in "put" }
        app.patch("/") { _ in "patch" }
        app.delete("/") { _ in "delete" }
        let client = try app.testClient()
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            #expect(try await client.send(method, "/").text == method.rawValue.lowercased())
        }
    }

    @Test func aWrongMethodIsToldWhichOnesAreRight() async throws {
        let app = App.forTests()
        app.get("/thing") { _ in "read" }
        app.delete("/thing") { _ in "removed" }
        let response = try await app.testClient().post("/thing")
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "DELETE, GET, HEAD, OPTIONS")
    }

    @Test func headIsGetWithoutTheBody() async throws {
        let app = App.forTests()
        app.get("/") { _ in "twelve bytes" }
        let response = try await app.testClient().send(.head, "/")
        #expect(response.status == .ok)
        #expect(response.body.isEmpty)
        #expect(response.headers[.contentLength] == "12")
    }

    @Test func headIsRefusedWhereThereIsNoGet() async throws {
        let app = App.forTests()
        app.post("/") { _ in "posted" }
        #expect(try await app.testClient().send(.head, "/").status == .methodNotAllowed)
    }

    @Test func optionsIsAnsweredWithoutTheHandler() async throws {
        let app = App.forTests()
        let events = Events()
        app.route("/", methods: .get, .post) { _ in
            events.add("handler")
            return "ok"
        }
        let response = try await app.testClient().send(.options, "/")
        #expect(response.status == .ok)
        #expect(response.headers[.allow] == "GET, HEAD, OPTIONS, POST")
        #expect(response.body.isEmpty)
        #expect(events.all.isEmpty)
    }

    @Test func aRouteThatListsOptionsAnswersThemItself() async throws {
        let app = App.forTests()
        app.route("/", methods: .options) { _ in "mine" }
        #expect(try await app.testClient().send(.options, "/").text == "mine")
    }

    @Test func aMethodThatNobodyKnowsIsNotAllowed() async throws {
        let app = App.forTests()
        app.get("/") { _ in "ok" }
        let brew = try #require(HTTPRequest.Method(rawValue: "BREW"))
        #expect(try await app.testClient().send(brew, "/").status == .methodNotAllowed)
    }

    @Test func anUnknownPathIsNotFound() async throws {
        let response = try await App.forTests().testClient().get("/nowhere")
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(response.text.contains("<h1>Not Found</h1>"))
    }

    @Test func aMissingSlashIsAddedByARedirectThatKeepsTheQuery() async throws {
        let app = App.forTests()
        app.get("/projects/") { _ in "all" }
        let response = try await app.testClient().get("/projects?page=2&sort=a%20b")
        #expect(response.status == .permanentRedirect)
        #expect(response.location == "/projects/?page=2&sort=a%20b")
    }

    @Test func aSlashTooManyIsNotFound() async throws {
        let app = App.forTests()
        app.get("/about") { _ in "about" }
        #expect(try await app.testClient().get("/about/").status == .notFound)
    }

    @Test func repeatedSlashesRedirectToOne() async throws {
        let app = App.forTests()
        app.get("/a/b") { _ in "ab" }
        let response = try await app.testClient().get("/a//b")
        #expect(response.status == .permanentRedirect)
        #expect(response.location == "/a/b")
    }

    @Test func theFirstOfTwoEqualRulesAnswers() async throws {
        let app = App.forTests()
        app.get("/", name: "first") { _ in "first" }
        app.get("/", name: "second") { _ in "second" }
        #expect(try await app.testClient().get("/").text == "first")
    }

    @Test func aLiteralPathComesBeforeAVariable() async throws {
        let app = App.forTests()
        app.get("/user/<name>") { _ in "somebody" }
        app.get("/user/me") { _ in "me" }
        #expect(try await app.testClient().get("/user/me").text == "me")
    }
}
