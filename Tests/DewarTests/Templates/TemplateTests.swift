// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import Sessions
import TestSupport
import Testing

@Suite struct TemplateTests {
    /// The page that a template makes of values.
    private func page(
        _ texts: [String: String], _ values: sending [String: Any?] = [:],
        _ define: (App) -> Void = { _ in }, path: String = "/"
    ) async throws -> String {
        let app = App.forTests()
        app.templates = Templates(texts)
        let values = UncheckedValues(values)
        app.get("/", name: "index") { _ in try render("page", values.all) }
        define(app)
        let client = try app.testClient()
        return try await client.get(path).text
    }

    /// Values that one request after the other reads.
    private struct UncheckedValues: @unchecked Sendable {
        let all: [String: Any?]
        init(_ all: [String: Any?]) { self.all = all }
    }

    private struct Person {
        let name: String
        let nickname: String?
    }

    @Test func valuesAreFilledIn() async throws {
        let people = [Person(name: "Ada", nickname: nil), Person(name: "Grace", nickname: "Amazing")]
        let text = try await self.page(
            [
                "page": """
                {{title}}:{{#people}} {{name}}{{#nickname}} ({{nickname}}){{/nickname}}{{/people}}\
                {{^none}}.{{/none}}
                """
            ], ["title": 7, "people": people, "none": nil])
        #expect(text == "7: Ada Grace (Amazing).")
    }

    /// A reader sees a quote with an accent as one character, and a browser as the end of the attribute.
    @Test(arguments: ["<b>&\"'", "\"\u{301} onclick=alert(1) \u{20D0}", "<\u{338}script>"])
    func allTextIsEscapedByteForByte(hostile: String) async throws {
        let text = try await self.page(
            ["page": "<p title=\"{{value}}\">{{> part}}</p>", "part": "{{% CONTENT_TYPE:HTML}}{{value}}"],
            ["value": hostile])
        let escaped = escape(hostile).markup
        #expect(Array(text.utf8) == Array("<p title=\"\(escaped)\">\(escaped)</p>".utf8))
    }

    @Test func markupIsNotEscapedAgainAndIsNoTemplate() async throws {
        let text = try await self.page(
            ["page": "{{html}}{{flash}}"],
            ["html": HTML(raw: "<b>{{title}}</b>"), "flash": SessionValue.markup("<i>{{{title}}}</i>"), "title": "x"])
        #expect(text == "<b>{{title}}</b><i>{{{title}}}</i>")
    }

    /// An accent, a joiner or a selector would be one character with what stands before it.
    @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20DD}", "\r\n", "\n", " ", ""])
    func markupIsWrittenAsItIs(beginning: String) async throws {
        let markup = beginning + "<b>\u{301}{{x}}</b>\n\n  <i>"
        let text = try await self.page(["page": "({{html}})"], ["html": HTML(raw: markup)])
        #expect(Array(text.utf8) == Array("(\(markup))".utf8))
        let alone = try await self.page(["page": "({{html}})"], ["html": SessionValue.markup(beginning)])
        #expect(Array(alone.utf8) == Array("(\(beginning))".utf8))
    }

    @Test func aLayoutHasBlocks() async throws {
        let text = try await self.page(
            [
                "layouts/site": "<title>{{$title}}Shop{{/title}}</title>{{$body}}{{/body}}",
                "page": "{{<layouts.site}}\n{{$body}}<p>{{name}}</p>{{/body}}\n{{/layouts.site}}",
            ], ["name": "Ada"])
        #expect(text == "<title>Shop</title><p>Ada</p>")
    }

    @Test func everySessionValueIsShownAsItIs() async throws {
        let entries: SessionDictionary = [
            "null": .null, "yes": true, "no": false, "number": 3, "half": 0.5, "list": ["a", "<"],
            "map": ["key": "value"],
            "uuid": .uuid(UUID(uuidString: "8E4B1B3A-0E0F-4C6E-9E0A-0123456789AB") ?? UUID()),
        ]
        let text = try await self.page(
            [
                "page": """
                {{#session}}{{null}}{{#yes}}y{{/yes}}{{^no}}n{{/no}}{{number}} {{half}} \
                {{#list}}{{.}},{{/list}} {{map.key}} {{uuid}}{{/session}}{{session.missing}}
                """
            ], [:],
            { app in
                app.beforeRequest { request in
                    request.session.merge(entries)
                    return nil
                }
            })
        #expect(text == "yn3 0.5 a,&lt;, value 8e4b1b3a-0e0f-4c6e-9e0a-0123456789ab")
    }

    @Test func everyPageHasURLsAndTheRequest() async throws {
        let text = try await self.page(
            [
                "page":
                    "{{url.index}} {{url.admin.home}} {{#static}}css/a&b.css{{/static}} {{request.method}} {{request.path}}"
            ], [:]
        ) { app in
            app.get("/admin/", name: "admin.home") { _ in "" }
            app.staticFiles("static")
        }
        #expect(text == "/ /admin/ /static/css/a&amp;b.css GET /")
    }

    // MARK: - URLs of routes with variables

    /// The page of a site with these routes, and the log of its failure if there is one.
    private func linked(_ template: String, _ values: sending [String: Any?]) async throws -> (String, LogRecorder) {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let values = UncheckedValues(values)
        app.templates = Templates(["page": template])
        app.get("/") { _ in try render("page", values.all) }
        app.get("/people/<int:id>", name: "person") { _ in "" }
        app.get("/files/<path:name>", name: "admin.file") { _ in "" }
        return (try await app.testClient().get("/").text, log)
    }

    @Test(arguments: [
        ("{{#url.person}}id={{id}}{{/url.person}}", "/people/7"),
        ("{{#url.person}}\n  id={{id}}&\n  tab=photos\n{{/url.person}}", "/people/7?tab=photos"),
        ("{{#url.person}}id={{ id }}{{id}}&q=a{{text}}z{{/url.person}}", "/people/77?q=a%22%3C%26+z"),
        ("{{#url.person}}id=9&tab={{id}}&tab={{empty}}{{/url.person}}", "/people/9?tab=7&amp;tab="),
        ("{{#url.admin.file}}name={{path}}{{/url.admin.file}}", "/files/a/%C3%A9%3F"),
    ])
    func aTagMakesTheURLOfARouteWithVariables(template: String, expected: String) async throws {
        let values: [String: Any?] = ["id": 7, "text": "\"<& ", "path": "a/é?", "empty": ""]
        let (text, _) = try await self.linked("<a href='\(template)'>", values)
        #expect(text == "<a href='\(expected)'>")
    }

    /// The values are those of the place where the tag stands.
    @Test func eachPersonHasALink() async throws {
        let people = [["id": 1, "name": "Ada"], ["id": 2, "name": "Grace & co"]] as [[String: Any]]
        let (text, _) = try await self.linked(
            "{{#people}}<a href=\"{{#url.person}}id={{id}}&n={{name}}&all={{all}}{{/url.person}}\">{{name}}</a>{{/people}}",
            ["people": people, "all": true, "name": "nobody"])
        #expect(
            text == """
                <a href="/people/1?n=Ada&amp;all=true">Ada</a>\
                <a href="/people/2?n=Grace+%26+co&amp;all=true">Grace &amp; co</a>
                """)
    }

    @Test(arguments: [
        ("id={{nothing}}", "page: The URL of the route \"person\" cannot be made. The tag {{nothing}} has no value."),
        ("id={{id}}&tab={{nil}}", "The tag {{nil}} has no value."),
        ("tab={{id}}", "page: The URL of the route \"person\" cannot be made."),
        ("id=seven", "a whole number"),
        ("{{id}}", "Between the tags is \"{{id}}\", and not name={{value}}"),
        ("id={{#id}}1{{/id}}", "and not name={{value}}"),
        ("id={{{id}}}", "and not name={{value}}"),
    ])
    func aURLThatCannotBeMadeIsToldWithTemplateAndRoute(values: String, reason: String) async throws {
        let (text, log) = try await self.linked(
            "{{#url.person}}\(values){{/url.person}}", ["id": 7, "nil": nil])
        #expect(text.contains("Internal Server Error"))
        #expect(log.text.contains("page: The URL of the route"))
        #expect(log.text.contains(reason), "\(log.text)")
    }

    @Test func messagesAreTakenOnceAndTheTokenIsAccepted() async throws {
        let app = App.forTests()
        app.templates = Templates([
            "page": "{{#flashedMessages}}[{{category}} {{message}}]{{/flashedMessages}}{{#user}}{{user}}{{/user}}",
            "form": "<form method=post>{{csrfField}}</form>",
        ])
        app.get("/") { _ in try render("page") }
        app.get("/form") { _ in try render("form") }
        app.post("/form") { _ in "done" }
        app.get("/leave") { request in
            request.session.flash("Saved <1>", category: "info")
            request.session.signIn(as: "ada")
            return ""
        }
        let client = try app.testClient()
        _ = try await client.get("/leave")
        #expect(try await client.get("/").text == "[info Saved &lt;1&gt;]ada")
        #expect(try await client.get("/").text == "ada")

        let form = try await client.get("/form").text
        let token = try #require(form.firstMatch(of: /name="csrf_token" value="([^"]+)"/)).1
        let sent = try await client.post("/form", form: ["csrf_token": String(token)])
        #expect(sent.text == "done")
    }

    /// A page that names nothing of the session leaves it alone, so that caches may keep the page.
    @Test func aTemplateThatNamesNoSessionOpensNone() async throws {
        let app = App.forTests()
        app.templates = Templates(["page": "{{title}}"])
        app.get("/", usesSession: false) { _ in try render("page", ["title": "Hello"], status: .accepted) }
        let response = try await app.testClient().get("/")
        #expect(response.status == .accepted)
        #expect(response.text == "Hello")
        #expect(response.headers[.vary] == nil)
    }

    @Test func anUnknownRouteIsAnErrorOfTheServer() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.templates = Templates(["page": "<a href={{url.nowhere}}>"])
        app.get("/") { _ in try render("page") }
        #expect(try await app.testClient().get("/").status == .internalServerError)
        #expect(log.text.contains("nowhere"))
    }

    @Test func anUnknownTemplateIsAnErrorOfTheServer() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { _ in try render("page") }
        #expect(try await app.testClient().get("/").status == .internalServerError)
        #expect(log.text.contains("There is no template"))
    }

    @Test func noPageIsRenderedOutsideOfARequest() {
        #expect { try render("page") } throws: { ($0 as? TemplateError)?.kind == .outsideOfRequest }
    }
}
