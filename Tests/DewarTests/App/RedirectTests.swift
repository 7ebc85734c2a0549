// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Testing

/// `redirect` and `abort`.
@Suite struct RedirectTests {
    @Test func aRedirectIs302AndNamesItsTarget() async throws {
        let app = App.forTests()
        app.get("/") { _ in redirect("/next?a=1&b=<2>") }
        let response = try await app.testClient().get("/")
        #expect(response.status == .found)
        #expect(response.location == "/next?a=1&b=%3C2%3E")
        #expect(response.text.contains("<a href=\"/next?a=1&amp;b=%3C2%3E\">/next?a=1&amp;b=&lt;2&gt;</a>"))
    }

    @Test(arguments: [HTTPResponse.Status.movedPermanently, .seeOther, .temporaryRedirect, .permanentRedirect])
    func theKindOfRedirectIsAChoice(status: HTTPResponse.Status) async throws {
        let app = App.forTests()
        app.get("/") { _ in redirect("/next", status: status) }
        #expect(try await app.testClient().get("/").status == status)
    }

    @Test func aTargetWithALineEndStaysOneHeader() {
        let response = redirect("/a\r\nSet-Cookie: x=1")
        #expect(response.headers[.location] == "/aSet-Cookie:%20x=1")
        #expect(response.headers.count == 2)
    }

    /// A browser takes `\` for a slash: the link would lead to another host where the field does not.
    @Test func theLinkOfTheTextLeadsWhereTheFieldLeads() async throws {
        let response = redirect("/\\attacker.example/a")
        #expect(response.headers[.location] == "/%5Cattacker.example/a")
        let app = App.forTests()
        app.get("/<path:page>") { request in redirect(request.path, status: .seeOther) }
        let text = try await app.testClient().get("/\\attacker.example/a").text
        #expect(text.contains("href=\"/%5Cattacker.example/a\""))
    }

    @Test func abortStopsTheHandler() async throws {
        let app = App.forTests()
        let events = Events()
        app.get("/") { request in
            if request.query.isEmpty { try abort(404) }
            events.add("after abort")
            return "ok"
        }
        let response = try await app.testClient().get("/")
        #expect(response.status == .notFound)
        #expect(response.text.contains("<h1>Not Found</h1>"))
        #expect(events.all.isEmpty)
    }

    @Test func theReasonOfAnAbortIsEscaped() async throws {
        let app = App.forTests()
        app.get("/") { _ in try abort(403, "<Members> only") }
        let response = try await app.testClient().get("/")
        #expect(response.status == .forbidden)
        #expect(response.text.contains("<p>&lt;Members&gt; only</p>"))
    }

    @Test func anExceptionCarriesItsHeaders() async throws {
        let app = App.forTests()
        app.get("/") { _ in throw HTTPException(401, headers: [.wwwAuthenticate: "Basic"]) }
        let response = try await app.testClient().get("/")
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate] == "Basic")
    }
}
