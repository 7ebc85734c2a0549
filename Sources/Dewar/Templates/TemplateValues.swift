// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache
import Sessions

/// What the tags of a template name: the handler's values first, and then what every page has.
struct TemplateValues: MustacheParent {
    let values: [String: Any?]
    let page: PageValues

    func child(named name: String) -> Any? {
        if let value = self.values[name] { return TemplateValue.wrap(value) }
        return TemplateValue.wrap(self.page.child(named: name))
    }
}

/// What every page has: Flask's `session`, `request`, `get_flashed_messages` and `url_for`, and the field against
/// requests from other sites.
///
/// Each is looked up when a tag names it. So only a template that names its session opens one, takes the visitor's
/// messages, or gives out a token.
struct PageValues: MustacheParent {
    let request: Request
    let urls: RouteURLs
    /// The URLs that the page is about to make.
    let assembly = URLAssembly()

    func child(named name: String) -> Any? {
        switch name {
        case "session": SessionValues(session: self.request.session)
        case "user": self.request.session.user
        case "flashedMessages": self.messages
        case "csrfField": self.csrfField
        case "csrfToken": self.request.session.csrfToken
        case "cspNonce": self.request.cspNonce
        case "request": self.requestValues
        case "url": RouteURLParent(name: "", page: self)
        case URLAssembly.tag: URLAssemblyTags(page: self)
        case "static": self.staticURL
        default: nil
        }
    }

    private var messages: [[String: Any]] {
        self.request.session.flashedMessages().map { ["category": $0.category, "message": $0.message] }
    }

    private var csrfField: HTML {
        let (name, token) = (CrossSiteGuard.fieldName, self.request.session.csrfToken)
        return "<input type=\"hidden\" name=\"\(name)\" value=\"\(token)\">"
    }

    /// `{{#static}}css/site.css{{/static}}`: the URL of a file that the route `static` serves. Mustache takes it for a
    /// template, which a URL is not: it has no braces.
    private var staticURL: MustacheLambda {
        MustacheLambda { [urls] filename in escape(urls.build("static", [("filename", URLValue(filename))])).markup }
    }

    private var requestValues: [String: Any?] {
        [
            "method": self.request.method.rawValue, "path": self.request.path, "endpoint": self.request.routeName,
            "remoteAddress": self.request.remoteAddress,
        ]
    }

    /// The entries of the session, by their keys.
    private struct SessionValues: MustacheParent {
        let session: Session

        func child(named name: String) -> Any? { TemplateValue.wrap(self.session[name] as SessionValue?) }
    }
}
