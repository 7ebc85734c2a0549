// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Testing

/// What handlers get of the request line.
@Suite struct ParameterTests {
    @Test(arguments: [
        ("/user/bob", "bob"), ("/user/J%C3%BCrg", "Jürg"), ("/user/a+b", "a+b"), ("/user/a%20b", "a b"),
        ("/user/%FF", "\u{FFFD}"), ("/user/100%25", "100%"),
    ])
    func parametersArePercentDecoded(target: String, name: String) async throws {
        let app = App.forTests()
        app.get("/user/<name>") { request in Response(text: try request.parameters["name"]) }
        #expect(try await app.testClient().get(target).text == name)
    }

    @Test func aTypedParameterIsANumber() async throws {
        let app = App.forTests()
        app.get("/post/<int:id>") { request in "\(try request.parameters.get("id", as: Int.self) + 1)" }
        let client = try app.testClient()
        #expect(try await client.get("/post/007").text == "8")
        #expect(try await client.get("/post/seven").status == .notFound)
        #expect(try await client.get("/post/-1").status == .notFound)
    }

    @Test func aNumberTooLargeForItsTypeIsNotFound() async throws {
        let app = App.forTests()
        app.get("/post/<int:id>") { request in "\(try request.parameters.get("id", as: Int.self))" }
        #expect(try await app.testClient().get("/post/99999999999999999999").status == .notFound)
    }

    @Test(arguments: [
        ("/x/1.5", "float 1.5"), ("/x/red", "any red"), ("/x/a/b.txt", "path a/b.txt"),
        ("/x/F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "uuid f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ])
    func everyConverterTakesItsOwn(target: String, text: String) async throws {
        let app = App.forTests()
        app.get("/x/<float:v>", name: "float") { request in "float \(try request.parameters["v"])" }
        app.get("/x/<any(red, green):v>", name: "any") { request in "any \(try request.parameters["v"])" }
        app.get("/x/<uuid:v>", name: "uuid") { request in "uuid \(try request.parameters["v"])" }
        app.get("/x/<path:v>", name: "path") { request in "path \(try request.parameters["v"])" }
        #expect(try await app.testClient().get(target).text == text)
    }

    @Test func aParameterThatTheRuleLacksIsTheServersMistake() async throws {
        let app = App.forTests()
        app.get("/user/<name>") { request in "\(try request.parameters["nmae"])" }
        #expect(try await app.testClient().get("/user/bob").status == .internalServerError)
    }

    @Test func theRouteIsKnownToItsHandler() async throws {
        let app = App.forTests()
        app.get("/user/<name>/<int:page>", name: "user") { request in
            "\(request.routeName) \(request.parameters.names.joined(separator: ",")) \(request.path)"
        }
        #expect(try await app.testClient().get("/user/b%6Fb/2?x=1").text == "user name,page /user/bob/2")
    }

    @Test func theQueryKeepsRepeatedNames() async throws {
        let app = App.forTests()
        app.get("/") { request in
            "\(request.query.getList("tag").joined(separator: "+")) \(request.query.get("page", as: Int.self))"
        }
        #expect(try await app.testClient().get("/?tag=a&page=3&tag=b%20c").text == "a+b c 3")
    }

    @Test func aMissingQueryArgumentIsABadRequest() async throws {
        let app = App.forTests()
        app.get("/") { request in "\(try request.query["page"])" }
        #expect(try await app.testClient().get("/").status == .badRequest)
    }

    @Test func cookiesAreReadAsFlaskWritesThem() async throws {
        let app = App.forTests()
        app.get("/") { request in "\(request.cookies.get("theme")) \(request.cookies.getList("x").count)" }
        let response = try await app.testClient().get("/", headers: [.cookie: "theme=\"dark\\073 blue\"; x=1; x=2"])
        #expect(response.text == "dark; blue 2")
    }
}
