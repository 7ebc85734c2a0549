// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

/// What a page answers, for any server: a status, header fields and a body.
///
/// ```swift
/// let answer = try await devices.page(for: session, links: PageLinks(page: "/devices"))
/// send(answer.status, answer.headers, answer.body)
/// ```
///
/// Add the session's own header fields (`SessionHeaders`) to it, as to every response.
public struct PageResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status
    /// The header fields, without those of the session.
    public var headers: HTTPFields
    /// The body.
    public var body: [UInt8]

    /// A page for one user.
    init(page: HTML) {
        self.status = .ok
        self.headers = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: Self.contentSecurityPolicy,
        ]
        self.body = Array(page.markup.utf8)
    }

    /// A style sheet, the same for every visitor.
    init(style: String) {
        self.status = .ok
        self.headers = [.contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=3600"]
        self.body = Array(style.utf8)
    }

    /// The way to a page that the browser asks for with GET (RFC 9110, section 15.4.4).
    init(seeOther location: String) {
        self.status = .seeOther
        self.headers = [.location: location, .cacheControl: "no-store"]
        self.body = []
    }

    /// No script runs on a page where sessions are ended, and nothing comes from another site. Forms are left out:
    /// browsers apply `form-action` to redirects too, and a step-up may be at another site.
    private static let contentSecurityPolicy =
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'"
}
