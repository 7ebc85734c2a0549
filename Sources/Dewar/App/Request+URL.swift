// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension Request {
    /// The URL of a named route of the application (Flask's `url_for`), for code that has no ``App`` at hand, such as a
    /// ``Blueprint`` in a file of its own.
    ///
    /// ```swift
    /// admin.post("/orders") { request in
    ///     redirect(request.url(for: ".orders", ["page": 2]))  // /admin/orders?page=2
    /// }
    /// ```
    ///
    /// It is as ``App/url(for:_:anchor:scheme:isExternal:)``, while the request is being answered.
    ///
    /// - Parameters:
    ///   - name: The route's name; a leading dot stands for the name of the route's own blueprint.
    ///   - values: Values for the variables of the rule; the others become the query.
    ///   - anchor: What comes after `#`.
    ///   - scheme: `http` or `https`; makes the URL external.
    ///   - isExternal: Whether the URL begins with scheme and host.
    public func url(
        for name: String, _ values: KeyValuePairs<String, URLValue> = [:], anchor: String? = nil,
        scheme: String? = nil, isExternal: Bool? = nil
    ) -> String {
        guard let scope = RequestScope.current else {
            self.logger.error("no URL can be built after the request was answered", metadata: ["route": "\(name)"])
            return ""
        }
        return scope.url(
            for: name, values.map { ($0.key, $0.value) }, anchor: anchor, scheme: scheme, isExternal: isExternal)
    }
}

extension RequestScope {
    /// The URL of a route. A mistake makes the response a 500, and is in the log.
    func url(
        for name: String, _ values: [(String, URLValue)], anchor: String? = nil, scheme: String? = nil,
        isExternal: Bool? = nil
    ) -> String {
        do throws(RouteError) {
            return try self.builtURL(for: name, values, anchor: anchor, scheme: scheme, isExternal: isExternal)
        } catch {
            self.request?.logger.error("no URL can be built", metadata: ["error": "\(error)"])
            self.fail(error)
            return ""
        }
    }

    /// The URL of a route.
    func builtURL(
        for name: String, _ values: [(String, URLValue)], anchor: String? = nil, scheme: String? = nil,
        isExternal: Bool? = nil
    ) throws(RouteError) -> String {
        try self.pages.urls.url(
            for: name, values: values, anchor: anchor, scheme: scheme, isExternal: isExternal,
            blueprint: self.request?.blueprint, base: self.base)
    }
}
