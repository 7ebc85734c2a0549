// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

/// What a handler answers.
///
/// A string literal is a page of HTML. What is interpolated into it is escaped, unless it is ``HTML`` already:
///
/// ```swift
/// app.get("/") { request in
///     "Hello <b>\(request.query.get("name"))</b>"
/// }
/// ```
///
/// Another status, header fields and cookies are set on a value:
///
/// ```swift
/// var response = Response("<h1>Saved</h1>", status: .created)
/// response.headers[.location] = "/post/7"
/// try response.setCookie(SetCookie(name: "theme", value: "dark"))
/// ```
public struct Response: Sendable {
    /// The status; 200 unless said otherwise.
    public var status: HTTPResponse.Status
    /// The header fields.
    public var headers: HTTPFields
    /// The body.
    public var body: ResponseContent

    /// A response of any kind.
    public init(
        status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), body: ResponseContent = .bytes([])
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A page of HTML.
    public init(_ html: HTML, status: HTTPResponse.Status = .ok) {
        self.init(status: status, headers: [.contentType: Self.htmlType], body: .bytes(Array(html.markup.utf8)))
    }

    /// Plain text, which a browser shows as it is.
    public init(text: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }

    /// Adds a cookie of your own.
    ///
    /// - Throws: `SetCookieError` when a browser would refuse it.
    public mutating func setCookie(_ cookie: SetCookie) throws {
        try cookie.validate()
        self.headers.append(HTTPField(name: .setCookie, value: cookie.headerValue))
    }

    static let htmlType = "text/html; charset=utf-8"
}

extension Response: ExpressibleByStringInterpolation {
    /// A page that is the literal.
    public init(stringLiteral markup: String) {
        self.init(HTML(raw: markup))
    }

    /// A page that is the literal, with what is interpolated escaped.
    public init(stringInterpolation interpolation: HTMLInterpolation) {
        self.init(HTML(stringInterpolation: interpolation))
    }
}
