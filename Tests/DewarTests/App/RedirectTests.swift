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
        #expect(response.text.contains("href=\"/next?a=1&amp;b=&lt;2&gt;\""))
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
