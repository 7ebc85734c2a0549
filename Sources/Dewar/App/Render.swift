// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
import Logging

/// The page that a template of the application makes of values (Flask's `render_template`).
///
/// ```swift
/// app.get("/people") { request in
///     try render("people", ["people": ["Ada", "Grace"], "title": "People"])
/// }
/// ```
///
/// A value is anything that Mustache knows: text, numbers, `Bool`, arrays, dictionaries, and structs, whose properties
/// the tags name. ``HTML`` is not escaped, and all other text is. Besides, every template has:
///
/// | Tag | What it is |
/// |---|---|
/// | `{{session.theme}}` | an entry of the visitor's session |
/// | `{{user}}` | who is signed in |
/// | `{{#flashedMessages}}` | for each message to this page, which is taken: `{{category}}`, `{{message}}` |
/// | `{{csrfField}}` | a form's hidden field with a CSRF token; `{{csrfToken}}` is the token alone |
/// | `{{cspNonce}}` | the nonce for `<script nonce="…">`, with a ``ContentSecurityPolicy`` |
/// | `{{url.index}}` | the URL of a route without variables |
/// | `{{#url.person}}id={{id}}{{/url.person}}` | the URL of a route with variables, and a query |
/// | `{{#static}}style.css{{/static}}` | the URL of a static file |
/// | `{{request.path}}` | of the request: `method`, `path`, `endpoint`, `remoteAddress` |
///
/// - Parameters:
///   - template: The template's name: its path in the folder, without the extension.
///   - values: What the tags of the template name. A tag that nothing has a value for is left empty.
///   - status: The status of the response.
/// - Throws: ``TemplateError`` when there is no such template, or no request.
public func render(
    _ template: String, _ values: [String: Any?] = [:], status: HTTPResponse.Status = .ok
) throws(TemplateError) -> Response {
    guard let scope = RequestScope.current, let request = scope.request else {
        throw TemplateError(.outsideOfRequest, "A page is rendered where no request is answered.")
    }
    let urls = RouteURLs(
        template: template,
        url: { (name, values) throws(RouteError) in try scope.builtURL(for: name, values) },
        fail: { scope.fail($0) })
    let page = PageValues(request: request, urls: urls)
    return Response(
        try scope.pages.templates.page(template, TemplateValues(values: values, page: page)), status: status)
}

/// What pages are made with.
final class AppPages: Sendable {
    let templates: TemplateLibrary
    let urls: SiteURLs

    init(templates: TemplateLibrary, urls: SiteURLs) {
        self.templates = templates
        self.urls = urls
    }
}
