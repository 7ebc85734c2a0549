// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Dewar

/// The error pages that a developer sees, and that no visitor may see.
@Suite struct DevelopmentPageTests {
    private struct Flood: Error, CustomStringConvertible {
        let description: String
    }

    private static func app(
        debug: Bool = true, log: LogRecorder = LogRecorder(), proxyFix: ProxyFix? = nil
    ) -> App {
        let app = App(secretKey: .forTests, sessions: .flask, proxyFix: proxyFix, logger: log.logger)
        if debug { app.debug = true }
        let shop = Blueprint("shop", urlPrefix: "/shop")
        shop.route("/<item>", methods: .get, .post, name: "item", line: 1234) { request in
            request.session["note"] = "planted in the session"
            throw Flood(description: "<b>the cellar</b> is flooded")
        }
        app.register(shop)
        app.get("/people", name: "people") { _ in try abort(404) }
        return app
    }

    /// The line of `app.get` above.
    private static let lineOfPeople = #line - 5

    @Test func itShowsTheErrorAndTheRoute() async throws {
        let response = try await Self.app().testClient().get("/shop/shoes?size=9")
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("&lt;b&gt;the cellar&lt;/b&gt; is flooded"))
        #expect(!response.text.contains("<b>"))
        #expect(response.text.contains("Flood</p>"))
        for text in ["/shop/&lt;item&gt;", "shop.item", "<td>shop</td>", "/shop/shoes", "GET", "size"] {
            #expect(response.text.contains(text), "\(text)")
        }
        #expect(response.text.contains("DewarTests/DevelopmentPageTests.swift:1234<"))
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    }

    @Test func noSecretIsOnIt() async throws {
        let client = try Self.app().testClient()
        let fields: [(String, String)] = [
            ("Cookie", "session=planted-cookie; other=planted-other"), ("Authorization", "Bearer planted-bearer"),
            ("Proxy-Authorization", "Basic planted-proxy"), ("X-CSRF-Token", "planted-csrf"),
            ("X-Api-Key", "planted-key"), ("X-Amz-Security-Token", "planted-token"),
            ("Referer", "https://localhost/reset?token=planted-referer"), ("User-Agent", "a-plain-agent"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        var headers = HTTPFields()
        for (name, value) in fields {
            headers.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let response = try await client.send(
            .post, "/shop/shoes?token=planted-query", headers: headers, body: Array("password=planted-form".utf8))
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("is flooded"))
        #expect(!response.text.contains("planted"))
        #expect(!response.text.contains("a key for tests"))
        #expect(response.text.contains("a-plain-agent"))
        for (name, _) in fields { #expect(response.text.contains(name), "\(name)") }
    }

    @Test func itIsOffUnlessItIsAskedFor() async throws {
        let log = LogRecorder()
        let response = try await Self.app(debug: false, log: log).testClient().get("/shop/shoes")
        #expect(response.status == .internalServerError)
        #expect(!response.text.contains("cellar"))
        #expect(!response.text.contains("shop"))
        #expect(log.text.contains("is flooded"))
    }

    @Test(arguments: [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
    ])
    func aRequestThatAProxyPassesOnIsNotTheDevelopers(field: String) async throws {
        let client = try Self.app().testClient()
        let headers: HTTPFields = [try #require(HTTPField.Name(field)): "192.0.2.7"]
        #expect(!(try await client.get("/shop/shoes", headers: headers).text.contains("cellar")))
        #expect(!(try await client.get("/peopel", headers: headers).text.contains("people")))
    }

    @Test(arguments: [
        ("localhost", true), ("localhost:5000", true), ("app.localhost", true), ("127.0.0.1:80", true),
        ("127.1.2.3", true), ("[::1]:5000", true), ("shop.example", false), ("127.0.0.1.shop.example", false),
        ("127.0.0.example", false), ("192.0.2.1", false), ("localhost.shop.example", false), ("[::2]", false),
    ])
    func anotherSitesNameForThisMachineIsNotTheDevelopers(host: String, isShown: Bool) async throws {
        let client = try Self.app().testClient()
        let response = try await client.get("/shop/shoes", headers: [try #require(HTTPField.Name("Host")): host])
        #expect(response.text.contains("cellar") == isShown)
    }

    @Test func theHostThatWasAskedForCountsAndNotTheBaseURLs() async throws {
        let app = App(secretKey: .forTests, sessions: .flask, baseURL: "http://localhost:5000")
        app.debug = true
        app.get("/") { _ in throw Flood(description: "the cellar") }
        let client = try app.testClient()
        let host = try #require(HTTPField.Name("Host"))
        #expect(try await client.get("/", headers: [host: "localhost"]).text.contains("cellar"))
        #expect(!(try await client.get("/", headers: [host: "evil.example:5000"]).text.contains("cellar")))
    }

    @Test func anApplicationBehindAProxyShowsNothing() async throws {
        let client = try Self.app(proxyFix: ProxyFix()).testClient()
        #expect(!(try await client.get("/shop/shoes").text.contains("cellar")))
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.8.8.8", true), ("::1", true), ("0.0.0.0", false), ("::", false),
        ("192.0.2.1", false), ("::ffff:192.0.2.1", false), ("2001:db8::127", false),
    ])
    func itNeedsALoopbackAddress(address: String, isOn: Bool) throws {
        let mode = DevelopmentMode()
        #expect(mode.turnOn(for: try SocketAddress(ipAddress: address, port: 5000)) == isOn)
        #expect(!DevelopmentMode().turnOn(for: nil))
    }

    @Test func anAddressOfNoRouteListsThoseWithASimilarRule() async throws {
        let response = try await Self.app().testClient().get("/peopel<i>")
        #expect(response.status == .notFound)
        #expect(response.text.contains("Routes with a similar rule"))
        #expect(response.text.contains("<th scope=\"row\">/people</th>"))
        let place = "DewarTests/DevelopmentPageTests.swift:\(Self.lineOfPeople)<"
        #expect(response.text.contains(place))
        #expect(response.text.contains("GET, HEAD, OPTIONS"))
        #expect(!response.text.contains("/shop/"))
        #expect(response.text.contains("/peopel&lt;i&gt;"))
        #expect(!response.text.contains("<i>"))
    }

    @Test func anAddressLikeNoRouteListsThemAll() async throws {
        let response = try await Self.app().testClient().get("/a/long/way/from/everything")
        #expect(response.text.contains("<h2>Routes</h2>"))
        #expect(response.text.contains("/shop/&lt;item&gt;"))
        #expect(response.text.contains("/people"))
    }

    @Test func theLinesAroundTheRouteAreShown() async throws {
        let app = App.forTests()
        app.debug = true
        app.get("/broken") { _ in throw Flood(description: "<u>") }
        let text = try await app.testClient().get("/broken").text
        let line = #line - 2
        #expect(
            text.contains(
                """
                <mark>\(line)&gt;         app.get(&#34;/broken&#34;) { _ in throw Flood(description: &#34;&lt;u&gt;&#34;) }</mark>
                \(line + 1)          let text = try await
                """))
        #expect(text.contains("\(line - 3)      @Test func theLinesAroundTheRouteAreShown"))
        #expect(!text.contains("<u>") && !text.contains("\(line - 4)  ") && !text.contains("\(line + 9)  "))
        // Where the error was thrown is not known.
        #expect(!text.contains("Aborted at"))
    }

    @Test func anAbortShowsWhereItWasMade() async throws {
        let app = Self.app()
        app.get("/closed") { _ in
            throw HTTPException(.serviceUnavailable, "until <noon>", headers: [.retryAfter: "3600"])
        }
        let line = #line - 2
        let client = try app.testClient()
        let closed = try await client.get("/closed")
        #expect(closed.status == .serviceUnavailable)
        #expect(closed.headers[.retryAfter] == "3600")
        #expect(closed.text.contains("<p>DewarTests/DevelopmentPageTests.swift:\(line)</p>"))
        #expect(closed.text.contains("<mark>\(line)&gt;             throw HTTPException("))
        #expect(closed.text.contains("503 Service Unavailable: until &lt;noon&gt;"))
        let people = try await client.get("/people")
        #expect(people.status == .notFound)
        #expect(people.text.contains("Aborted at") && people.text.contains("<mark>\(Self.lineOfPeople)&gt; "))
    }

    @Test func aSourceThatCannotBeReadIsOnlyAPlace() async throws {
        let temporary = try TemporaryFolder()
        let app = App.forTests()
        app.debug = true
        app.get("/gone") { _ in try abort(500, file: "Shop/Gone.swift", filePath: temporary.path + "/gone", line: 7) }
        app.get("/folder") { _ in try abort(500, file: "Shop/Folder.swift", filePath: temporary.path, line: 1) }
        app.get("/route", file: "Shop/R.swift", filePath: temporary.path + "/gone", line: 7) { _ in throw Mishap() }
        let client = try app.testClient()
        for (path, place) in [("/gone", "Shop/Gone.swift:7"), ("/folder", "Shop/Folder.swift:1")] {
            let text = try await client.get(path).text
            #expect(text.contains("<h2>Aborted at</h2>\n<p>\(place)</p>\n<h2>Route</h2>"), "\(path)")
            #expect(!text.contains(temporary.path), "\(path)")
        }
        let text = try await client.get("/route").text
        #expect(text.contains("Shop/R.swift:7<") && !text.contains("<mark>"))
    }

    @Test func anAbortIsAsInProductionUnlessItIsTheDevelopers() async throws {
        for app in [Self.app(debug: false), Self.app(proxyFix: ProxyFix())] {
            let response = try await app.testClient().get("/people")
            #expect(response.status == .notFound)
            #expect(!response.text.contains("DevelopmentPageTests") && !response.text.contains("<mark>"))
        }
        let handled = Self.app()
        handled.errorHandler(404) { _, _ in "lost" }
        #expect(try await handled.testClient().get("/people").text == "lost")
        // One that Dewar makes itself says nothing of the program.
        let form = try await Self.app().testClient().send(.put, "/people")
        #expect(form.status == .methodNotAllowed && !form.text.contains("DEWAR_DEBUG"))
    }

    @Test func theLinesAreBounded() throws {
        let text = "\n" + String(repeating: "é", count: 300) + "\nend"
        let excerpt = try #require(SourceExcerpt(text, line: 2))
        #expect(excerpt.lines.map(\.number) == [1, 2, 3])
        #expect(excerpt.lines.map(\.text) == ["", String(repeating: "é", count: 200) + "…", "end"])
        #expect(excerpt.lines.map(\.isMeant) == [false, true, false])
        #expect(SourceExcerpt(text, line: 0) == nil && SourceExcerpt(text, line: 4) == nil)
        let long = try #require(SourceExcerpt(String(repeating: "\n", count: 100), line: 50))
        #expect(long.lines.map(\.number) == Array(47...58))
    }

    /// Swift takes the two characters at the end of a line of Windows for one.
    @Test func linesMayEndAsOnWindows() throws {
        let excerpt = try #require(SourceExcerpt("one\r\n\r\nthree\u{C}\r\nfour\nfive", line: 4))
        #expect(excerpt.lines.map(\.text) == ["one", "", "three\u{C}", "four", "five"])
        #expect(excerpt.lines.first(where: \.isMeant)?.text == "four")
    }

    @Test func aSecretOfTheSourceIsNotShown() throws {
        let text = #"""
            let app = App(secretKey: "planted \" one", sessions: .flask)
            let passwords = ["ada": "planted
            connect(apiToken: #"planted"#)
            app.get("/plain")
            """#
        let lines = try #require(SourceExcerpt(text, line: 1)).lines.map(\.text)
        #expect(lines[0] == #"let app = App(secretKey: "…", sessions: .flask)"#)
        #expect(lines[1] == #"let passwords = ["…": "…""#)
        #expect(lines[3] == #"app.get("/plain")"#)
        #expect(!lines.joined().contains("planted"))
    }

    @Test func aFileThatIsTooLargeOrNoTextIsNotShown() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/source"
        func excerpt() async -> SourceExcerpt? {
            await SourceExcerpt.read(SourcePlace(file: "Shop/Source.swift", path: path, line: 1))
        }
        try Data("app".utf8).write(to: URL(fileURLWithPath: path))
        #expect(await excerpt()?.lines.count == 1)
        try Data(repeating: 0x61, count: (1 << 20) + 1).write(to: URL(fileURLWithPath: path))
        #expect(await excerpt() == nil)
        try Data([0xFF, 0x0A]).write(to: URL(fileURLWithPath: path))
        #expect(await excerpt() == nil)
        // Who opens a pipe waits for its writer.
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(await excerpt() == nil)
    }

    @Test func handlersOfTypesAndOf404AnswerAsInProduction() async throws {
        let app = Self.app()
        app.errorHandler(of: Flood.self) { _, _ in "handled" }
        app.errorHandler(404) { _, _ in "lost" }
        app.errorHandler(500) { _, _ in "not in debug, as in Flask" }
        app.get("/broken") { _ in throw Mishap() }
        let client = try app.testClient()
        #expect(try await client.get("/shop/shoes").text == "handled")
        #expect(try await client.get("/nowhere").text == "lost")
        #expect(try await client.get("/broken").text.contains("the cellar is flooded"))
    }

    @Test func anErrorHandlerThatFailsIsShown() async throws {
        let app = Self.app()
        app.errorHandler(404) { _, _ in throw Mishap() }
        let response = try await app.testClient().get("/nowhere")
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("the cellar is flooded"))
    }

    @Test func anEndlessTextIsCut() async throws {
        let app = App.forTests()
        app.debug = true
        app.get("/") { _ in throw Flood(description: String(repeating: "x", count: 1_000_000)) }
        let length = try await app.testClient().get("/").text.utf8.count
        #expect((10_000..<30_000).contains(length))
    }
}
