// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import Testing

/// What handlers answer.
@Suite struct ResponseTests {
    private static func text(_ response: Response) -> String {
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func whatIsInterpolatedIsEscaped() {
        let name = "<script>alert('x' & \"y\")</script>"
        let escaped = "&lt;script&gt;alert(&#39;x&#39; &amp; &#34;y&#34;)&lt;/script&gt;"
        #expect(Self.text("<b>\(name)</b>") == "<b>\(escaped)</b>")
        #expect(Self.text("<b>\(SessionValue.string(name))</b>") == "<b>\(escaped)</b>")
        #expect(Self.text("<b>\(["a": name])</b>").contains("<script>") == false)
    }

    @Test func markupIsNotEscapedAgain() {
        #expect(Self.text("\(HTML("<i>\("&")</i>"))") == "<i>&amp;</i>")
        #expect(Self.text("\(SessionValue.markup("<i>hi</i>"))") == "<i>hi</i>")
        #expect(Self.text("\([HTML("<li>1"), HTML("<li>2")])") == "<li>1<li>2")
    }

    @Test func nothingPrintsNothing() {
        let name: String? = nil
        let value: SessionValue? = nil
        #expect(Self.text("[\(name)\(value)]") == "[]")
    }

    @Test func aSessionValuePrintsAsPythonPrintsIt() {
        let value: SessionValue = ["a", 1, true, nil]
        #expect(Self.text("\(value)") == "[a, 1, True, None]")
    }

    @Test func aLiteralIsAPageOfHTML() {
        let response: Response = "<p>hello"
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
    }

    @Test func plainTextIsShownAsItIs() {
        let response = Response(text: "<p>hello")
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(Self.text(response) == "<p>hello")
    }

    @Test func jsonHasSortedKeysAndItsType() throws {
        let response = try Response(json: ["b": "a/b", "a": "é"], status: .created)
        #expect(response.status == .created)
        #expect(response.headers[.contentType] == "application/json")
        #expect(Self.text(response) == "{\"a\":\"é\",\"b\":\"a/b\"}")
    }

    /// As Flask's `jsonify` does it.
    @Test func aDateInJSONIsWrittenAsHTTPWritesIt() throws {
        let date = Date(timeIntervalSince1970: 1_709_251_199.9)
        let response = try Response(json: ["at": date])
        #expect(Self.text(response) == "{\"at\":\"Thu, 29 Feb 2024 23:59:59 GMT\"}")
        #expect(throws: EncodingError.self) { try Response(json: [Date(timeIntervalSince1970: 1e12)]) }
        #expect(throws: EncodingError.self) { try Response(json: [Double.nan]) }
    }

    @Test func aCookieOfYourOwnIsAdded() async throws {
        let app = App.forTests()
        app.get("/") { request in
            request.session["x"] = 1
            var response: Response = "ok"
            try response.setCookie(SetCookie(name: "theme", value: "dark; blue", maxAge: 60))
            return response
        }
        let client = try app.testClient()
        let cookies = try await client.get("/").headers[values: .setCookie]
        #expect(cookies.count == 2)
        #expect(cookies.first == "theme=\"dark\\073 blue\"; Max-Age=60; Path=/")
        #expect(client.cookies["theme"] == "dark; blue")
    }

    @Test func aCookieThatBrowsersRefuseIsRefused() {
        var response: Response = "ok"
        #expect(throws: SetCookieError.self) { try response.setCookie(SetCookie(name: "a b", value: "")) }
        #expect(throws: SetCookieError.self) { try response.setCookie(SetCookie(name: "__Host-a", value: "")) }
        #expect(response.headers[.setCookie] == nil)
    }

    @Test(arguments: [(404, "Not Found"), (418, "I'm a teapot"), (201, "Created")])
    func aNumberForAStatusGetsItsPhrase(code: Int, phrase: String) async throws {
        let app = App.forTests()
        app.get("/") { _ in Response(status: HTTPResponse.Status(integerLiteral: code)) }
        let status = try await app.testClient().get("/").status
        #expect(status.code == code)
        #expect(status.reasonPhrase == phrase)
    }

    @Test func aLineEndInAHeaderMakesNoNewHeader() async throws {
        let app = App.forTests()
        app.get("/") { request in
            var response: Response = "ok"
            response.headers[.server] = request.query.get("name")
            return response
        }
        let response = try await app.testClient().get("/?name=a%0D%0ASet-Cookie:%20x=1")
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.server]?.utf8.contains(10) == false)
    }
}
