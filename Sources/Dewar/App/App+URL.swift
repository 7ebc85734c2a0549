// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension App {
    /// The URL of a named route (Flask's `url_for`).
    ///
    /// ```swift
    /// let url = app.url(for: "user", ["name": "bob", "page": 2])  // /user/bob?page=2
    /// ```
    ///
    /// An unknown name or a missing variable turns the response of the current request into a 500; the log has the
    /// reason.
    ///
    /// - Parameters:
    ///   - name: The route's name. A leading dot stands for the name of the blueprint whose route answers the current
    ///     request: `.index` is `admin.index` there.
    ///   - values: Values for the variables of the rule; the others become the query. Null values are left out.
    ///   - anchor: What comes after `#`.
    ///   - scheme: `http` or `https`; makes the URL external.
    ///   - isExternal: Whether the URL begins with scheme and host: those of the base URL, or else those that the
    ///     request was sent to, or, outside of a request, the address that the server listens on.
    public func url(
        for name: String, _ values: KeyValuePairs<String, URLValue> = [:], anchor: String? = nil,
        scheme: String? = nil, isExternal: Bool? = nil
    ) -> String {
        self.url(
            for: name, pairs: values.map { ($0.key, $0.value) }, anchor: anchor, scheme: scheme, isExternal: isExternal)
    }

    /// The URL of a named route, with values whose names are known only when the program runs.
    ///
    /// ```swift
    /// var values: [String: URLValue] = ["page": 2]
    /// if let term { values["q"] = URLValue(term) }
    /// let url = app.url(for: "search", values: values)  // /search?page=2&q=swift
    /// ```
    ///
    /// The query is sorted by name, since a dictionary has no order. All else is as with literal values.
    public func url(
        for name: String, values: [String: URLValue], anchor: String? = nil, scheme: String? = nil,
        isExternal: Bool? = nil
    ) -> String {
        let pairs = values.map { ($0.key, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        return self.url(for: name, pairs: pairs, anchor: anchor, scheme: scheme, isExternal: isExternal)
    }

    private func url(
        for name: String, pairs: [(String, URLValue)], anchor: String?, scheme: String?, isExternal: Bool?
    ) -> String {
        let scope = RequestScope.current
        do {
            return try self.urls.url(
                for: name, values: pairs, anchor: anchor, scheme: scheme, isExternal: isExternal,
                blueprint: scope?.request?.blueprint, base: scope?.base ?? self.baseOutsideOfRequests)
        } catch {
            self.logger.error("no URL can be built", metadata: ["error": "\(error)"])
            scope?.fail(error)
            return ""
        }
    }
}
