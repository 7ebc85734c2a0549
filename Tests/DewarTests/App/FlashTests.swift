// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Testing

/// Messages for the next page.
@Suite struct FlashTests {
    private static func app() -> App {
        let app = App.forTests()
        app.get("/save") { request in
            request.session.flash("Saved <all>")
            request.session.flash("Disk nearly full", category: "warning")
            return redirect("/")
        }
        app.get("/") { request in
            let messages = request.session.flashedMessages().map {
                HTML("<p class=\"\($0.category)\">\($0.message)</p>")
            }
            return "\(messages)"
        }
        app.get("/warnings") { request in
            "\(request.session.flashedMessages(in: ["warning"]).map { HTML("\($0.message)") })"
        }
        app.get("/quiet") { _ in "quiet" }
        return app
    }

    @Test func aMessageIsThereOnTheNextPageAndNoLonger() async throws {
        let client = try Self.app().testClient()
        try await client.get("/save")
        let page = "<p class=\"message\">Saved &lt;all&gt;</p><p class=\"warning\">Disk nearly full</p>"
        #expect(try await client.get("/").text == page)
        #expect(try await client.get("/").text == "")
    }

    @Test func aPageThatDoesNotAskLeavesTheMessages() async throws {
        let client = try Self.app().testClient()
        try await client.get("/save")
        try await client.get("/quiet")
        #expect(try await client.get("/").text.contains("Saved"))
    }

    @Test func askingForOneCategoryTakesThemAll() async throws {
        let client = try Self.app().testClient()
        try await client.get("/save")
        #expect(try await client.get("/warnings").text == "Disk nearly full")
        #expect(try await client.get("/").text == "")
    }

    @Test func takingTheLastMessageTakesTheCookieAway() async throws {
        let client = try Self.app().testClient()
        try await client.get("/save")
        #expect(client.cookies.names == ["session"])
        try await client.get("/")
        #expect(client.cookies.names.isEmpty)
    }

    @Test func aMessageMayBeMarkup() async throws {
        let app = Self.app()
        app.get("/markup") { request in
            request.session.flash(.markup("<b>Saved</b>"))
            return "ok"
        }
        let client = try app.testClient()
        try await client.get("/markup")
        #expect(try await client.get("/").text == "<p class=\"message\"><b>Saved</b></p>")
    }
}
