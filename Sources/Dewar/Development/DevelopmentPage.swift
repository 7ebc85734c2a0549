// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import SessionsPages

/// The error pages that a developer sees. They need no JavaScript, and show no secret: neither a value of the query, a
/// form, a cookie nor the session, and only those header fields that carry none.
enum DevelopmentPage {
    /// The page of an error that no handler answered.
    static func failure(_ error: any Error, status: HTTPResponse.Status, request: Request) async -> Response {
        let thrown = await self.thrown(error)
        let added = await self.source(request.route?.place)
        let contents: HTML = """
            <p class="message">\(String(reflecting: type(of: error)))</p>
            <pre>\(self.shortened("\(error)"))</pre>
            \(thrown)\(self.route(of: request))\(added)\(self.table(of: request))
            """
        return self.page("\(status.code) \(status.reasonPhrase)", contents, status: status)
    }

    /// The page of an address that no route has, with the routes that may have been meant.
    static func notFound(_ request: Request, routes: [ListedRoute]) -> Response {
        let near = NearNames.nearest(to: request.path, in: routes.map(\.rule))
        let shown = near.isEmpty ? routes.prefix(self.mostRoutes) : routes.filter { near.contains($0.rule) }[...]
        let rows = shown.map { route -> HTML in
            "<tr><th scope=\"row\">\(route.rule)</th><td>\(route.methods.joined(separator: ", "))</td>"
                + "<td>\(route.name)</td><td>\(route.place)</td></tr>\n"
        }
        let list: HTML = """
            <h2>\(near.isEmpty ? "Routes" : "Routes with a similar rule")</h2>
            <table>
            <thead><tr><th scope="col">Rule</th><th scope="col">Methods</th><th scope="col">Name</th>
            <th scope="col">Added at</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>

            """
        let contents: HTML = """
            <p class="message">No route has the path \(request.path)</p>
            \(routes.isEmpty ? "<p>The application has no routes.</p>" : list)\(self.table(of: request))
            """
        return self.page("404 Not Found", contents, status: .notFound)
    }

    private static let mostRoutes = 100

    /// Where an error comes from, as far as Swift knows it: an error carries no place unless its own type does.
    private static func thrown(_ error: any Error) async -> HTML {
        guard let place = (error as? HTTPException)?.place else { return HTML() }
        return "<h2>Aborted at</h2>\n<p>\(place.description)</p>\n\(await self.source(place))"
    }

    /// The lines of the program around a place; nothing if they cannot be read.
    private static func source(_ place: SourcePlace?) async -> HTML {
        guard let place, let excerpt = await SourceExcerpt.read(place) else { return HTML() }
        let lines = excerpt.lines.map { line -> HTML in
            line.isMeant ? "<mark>\(line.number)&gt; \(line.text)</mark>\n" : "\(line.number)  \(line.text)\n"
        }
        return "<pre class=\"source\">\(lines)</pre>\n"
    }

    private static func route(of request: Request) -> HTML {
        guard let route = request.route else { return "<h2>Route</h2>\n<p>None matched.</p>\n" }
        let rows = [("Rule", route.rule), ("Name", route.name), ("Added at", route.place.description)]
        let blueprint = route.blueprint.map { [("Blueprint", $0)] } ?? []
        return self.section("Route", rows + blueprint)
    }

    private static func table(of request: Request) -> HTML {
        let keys = request.query.map(\.name).joined(separator: ", ")
        let lines = [
            ("Method", request.method.rawValue), ("Path", request.path), ("Host", request.host),
            ("Names in the query", keys.isEmpty ? "none" : keys),
        ]
        let fields = request.headers.map { field in
            (field.name.rawName, HeaderDisclosure.carriesNoSecret(field.name) ? field.value : "(not shown)")
        }
        return self.section("Request", lines) + self.section("Header fields", fields)
    }

    private static func section(_ title: String, _ rows: [(String, String)]) -> HTML {
        guard !rows.isEmpty else { return HTML() }
        let lines = rows.map { name, value -> HTML in
            "<tr><th scope=\"row\">\(name)</th><td>\(self.shortened(value))</td></tr>\n"
        }
        return "<h2>\(title)</h2>\n<table>\n<tbody>\n\(lines)</tbody>\n</table>\n"
    }

    /// An error may describe itself with megabytes.
    private static func shortened(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(10_000)
        return kept.endIndex == text.endIndex ? text : String(String.UnicodeScalarView(kept)) + "…"
    }

    private static func page(_ title: String, _ contents: HTML, status: HTTPResponse.Status) -> Response {
        var response = Response(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(HTML(raw: PageStyle.text))\(HTML(raw: Self.style))</style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            \(contents)<p>This page is for development: <code>app.debug</code> or <code>DEWAR_DEBUG</code> is on.</p>
            </main>
            </body>
            </html>

            """, status: status)
        response.headers[.cacheControl] = "no-store"
        response.headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
        return response
    }

    private static let style = """
        main { max-width: 60rem; }
        h2 { margin: 1.5rem 0 .25rem; }
        pre, td, th { font: .9rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; }
        td, th { border: 1px solid var(--line); padding: .25rem .5rem; text-align: start; vertical-align: top; }
        th { font-weight: 600; }
        mark { background: none; color: inherit; font-weight: 700; }
        .source { border-inline-start: 3px solid var(--line); padding-inline-start: .75rem; }

        """
}
