// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache

/// Builds URLs for the tags of a template.
struct RouteURLs {
    /// The template that the handler renders.
    let template: String
    /// The URL of a route.
    let url: (_ name: String, _ values: [(String, URLValue)]) throws(RouteError) -> String
    /// Makes the response a 500.
    let fail: (TemplateError) -> Void

    /// The URL of a route; empty if there is none, which makes the response a 500.
    func build(_ name: String, _ values: [(String, URLValue)]) -> String {
        do throws(RouteError) {
            return try self.url(name, values)
        } catch {
            self.refuse(name, "\(error)")
            return ""
        }
    }

    func refuse(_ name: String, _ reason: String) {
        let text = "The URL of the route \"\(name)\" cannot be made. \(reason)"
        self.fail(TemplateError(.noURL, text, file: self.template))
    }
}

/// `url` in a tag, and `url.admin`, after which further parts of a route's name may come.
struct RouteURLParent: MustacheParent, CustomStringConvertible {
    let name: String
    let page: PageValues

    /// `{{url.index}}` is the URL of a route, and `{{#url.person}}id={{id}}{{/url.person}}` that of one with variables.
    /// Mustache calls the lambda with the text of the section, and with an empty text for a tag, whose next part it
    /// may want.
    func child(named next: String) -> Any? {
        let route = RouteURLParent(name: self.name.isEmpty ? next : "\(self.name).\(next)", page: self.page)
        return MustacheLambda { text -> Any? in
            if text.isEmpty { return route }
            return route.template(text)
        }
    }

    /// The URL of the route without values, which Mustache escapes.
    var description: String { self.page.urls.build(self.name, []) }

    /// The template that makes the URL from the values of the tags in the section.
    private func template(_ text: String) -> String {
        guard let arguments = URLArguments(text) else {
            self.page.urls.refuse(
                self.name, "Between the tags is \"\(text)\", and not name={{value}}, with & between several.")
            return ""
        }
        return self.page.assembly.begin(self.name, arguments)
    }
}

/// The tags of the template that `URLAssembly.begin` makes.
struct URLAssemblyTags: MustacheParent {
    let page: PageValues

    func child(named name: String) -> Any? {
        if name == "end" { return MadeURL(renderText: self.page.assembly.end(self.page.urls)) }
        self.page.assembly.next()
        return nil
    }

    private struct MadeURL: MustacheCustomRenderable {
        let renderText: String
        var isNull: Bool { false }
    }
}
