// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import HTTPTypes
import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Dewar

/// Requests of which nobody can tell to which site they were sent, and those to other sites.
@Suite struct HostTests {
    /// An application in which everything that sees a request says so.
    private static func app(_ events: Events, log: LogRecorder = LogRecorder(), trustedHosts: [String] = []) -> App {
        let app = App(secretKey: .forTests, sessions: .flask, trustedHosts: trustedHosts, logger: log.logger)
        app.beforeRequest { _ in
            events.add("before")
            return nil
        }
        app.afterRequest { _, response in
            events.add("after")
            return response
        }
        app.errorHandler(400) { _, _ in
            events.add("error handler")
            return "mine"
        }
        app.get("/", name: "index") { request in
            events.add("handler")
            request.session["seen"] = true
            return "\(app.url(for: "index", isExternal: true)) \(request.host)"
        }
        return app
    }

    private static func headers(_ hosts: [String]) throws -> HTTPFields {
        let name = try #require(HTTPField.Name("Host"))
        return HTTPFields(hosts.map { HTTPField(name: name, value: $0) })
    }

    @Test(arguments: [
        ["a.test:8080@b.test"], ["a b"], ["x\"><script>"], ["a:port"], ["a:99999"], [""], ["a.test", "b.test"],
        ["a.test", "a.test"],
    ])
    func aHostThatIsNoneIs400BeforeAnythingSeesIt(hosts: [String]) async throws {
        let events = Events()
        let log = LogRecorder()
        let client = try Self.app(events, log: log).testClient()
        let response = try await client.send(.get, "/", headers: try Self.headers(hosts))
        #expect(response.status == .badRequest)
        #expect(events.all.isEmpty)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.text.contains("<h1>Bad Request</h1>"))
        let refusal = hosts.count == 1 ? "malformedHost" : "repeatedHost"
        #expect(log.text.contains(refusal))
        for host in hosts where !host.isEmpty {
            #expect(!response.text.contains(host))
            #expect(!log.text.contains(host))
        }
    }

    @Test func noHostIs400() async throws {
        let events = Events()
        let responder = try Self.app(events).responder()
        let head = HTTPRequest(method: .get, scheme: "http", authority: nil, path: "/")
        let response = try await responder.respond(
            to: HummingbirdCore.Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            context: AppRequestContext(logger: LogRecorder().logger))
        #expect(response.status == .badRequest)
        #expect(events.all.isEmpty)
    }

    @Test(
        arguments: [
            ("Shop.Example", "http://shop.example/ shop.example"),
            ("shop.example:80", "http://shop.example/ shop.example"),
            ("[::1]:8080", "http://[::1]:8080/ [::1]:8080"), ("my_app", "http://my_app/ my_app"),
        ])
    func everyHostIsTakenUnlessSomeAreTrusted(host: String, page: String) async throws {
        let client = try Self.app(Events()).testClient()
        #expect(try await client.get("/", headers: try Self.headers([host])).text == page)
    }

    @Test(
        arguments: [
            ("shop.example", 200), ("shop.example:8443", 200), ("SHOP.example", 200), ("www.shop.example", 400),
            ("notshop.example", 400), ("shop.example.attacker.test", 400), ("attacker.test", 400), ("example", 400),
            ("cdn.example", 200), ("a.cdn.example", 200), ("a.b.cdn.example:1", 200), ("acdn.example", 400),
            (".cdn.example", 400), ("xn--mnchen-3ya.example", 200), ("127.0.0.1:5000", 400), ("[::1]:5000", 200),
            ("[::2]:5000", 400), ("shop.example.", 400),
        ])
    func onlyTrustedHostsAreAnswered(host: String, status: Int) async throws {
        let events = Events()
        let app = Self.app(
            events, trustedHosts: ["Shop.example:5000", ".cdn.example", "münchen.example", "[::1]"])
        let response = try await app.testClient().get("/", headers: try Self.headers([host]))
        #expect(response.status.code == status)
        #expect(events.all.isEmpty == (status == 400))
    }

    @Test(arguments: ["", ".", "*.shop.example", "https://shop.example", "shop example", "shop.example/app"])
    func aTrustedHostThatIsNoneStopsTheStart(host: String) async {
        let app = Self.app(Events(), trustedHosts: ["shop.example", host])
        let error = #expect(throws: AppError.self) { try app.testClient() }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.hasPrefix("The trusted host \"\(host)\" is none; write shop.example, or") == true)
        await #expect(throws: AppError.self) { try await app.serve(port: 0) }
    }

    @Test func cookiesOfOneHostAreNotSentToAnother() async throws {
        let app = App.forTests()
        app.get("/") { request in "\(request.session.pop("user"))" }
        app.get("/set") { request in
            request.session["user"] = "ada"
            return "set"
        }
        let client = try app.testClient()
        try await client.get("/set", headers: try Self.headers(["shop.example"]))
        #expect(try await client.get("/").text == "")
        #expect(try await client.get("/", headers: try Self.headers(["shop.example:80"])).text == "ada")
    }
}
