// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Builds URLs from the names of rules: Flask's `url_for` (flask/app.py:1003, werkzeug/routing/map.py:828).
package struct URLBuilder: Sendable {
    private struct Rule: Sendable {
        let pattern: RoutePattern
        /// The methods that the rule was registered with.
        let listed: Set<String>
        /// All methods that the rule answers.
        let methods: [String]

        func missing(_ values: [(name: String, value: URLValue)]) -> [String] {
            self.pattern.variables.map(\.name).filter { name in
                !values.contains { $0.name.utf8.elementsEqual(name.utf8) }
            }
        }
    }

    private static let anchorAllowed = PercentEncoding.Allowed(unreservedAnd: "%!#$&'()*+,/:;=?@")

    /// Names in order of registration.
    private var names: [String] = []
    private var rules: [[UInt8]: [Rule]] = [:]

    /// Adds a rule; of the rules of a name those with more variables are tried first.
    mutating func add(_ pattern: RoutePattern, name: String, listed: Set<String>, methods: [String]) {
        let key = Array(name.utf8)
        var known = self.rules[key] ?? []
        if known.isEmpty { self.names.append(name) }
        let place = known.firstIndex { $0.pattern.variables.count < pattern.variables.count }
        known.insert(Rule(pattern: pattern, listed: listed, methods: methods), at: place ?? known.count)
        self.rules[key] = known
    }

    /// - Throws: `unknownName` for a name that no rule has.
    func check(_ name: String) throws(RouteError) {
        guard self.rules[Array(name.utf8)] != nil else { throw self.unknown(name) }
    }

    /// One of the methods for which the name already has the rule; nil for none. HEAD and OPTIONS that were only added
    /// to others do not count.
    func repeated(_ pattern: RoutePattern, name: String, methods: Set<String>) -> String? {
        let known = (self.rules[Array(name.utf8)] ?? []).filter { $0.pattern.tokens == pattern.tokens }
        return known.lazy.compactMap { methods.intersection($0.listed).sorted().first }.first
    }

    /// The URL of the rule `name` whose variables `values` fill in; the other values become the query.
    ///
    /// The URL is a path unless it `isExternal`, which a `scheme` implies. A name with a leading dot is one of the
    /// `blueprint`; where there is none, the dot is dropped.
    /// Throws `unknownName`, `missingVariable`, `wrongMethod` or `invalidValue`.
    package func url(
        for name: String, values: [(String, URLValue)] = [], anchor: String? = nil, method: String? = nil,
        scheme: String? = nil, isExternal: Bool? = nil, blueprint: String? = nil, base: URLBase
    ) throws(RouteError) -> String {
        if let scheme, isExternal == false {
            throw RouteError(.invalidValue, "The scheme \"\(scheme)\" needs an external URL, but isExternal is false.")
        }
        let name = Self.whole(name, in: blueprint)
        guard let rules = self.rules[Array(name.utf8)] else { throw self.unknown(name) }
        let given = values.filter { $0.1 != .null }.map { (name: $0.0, value: $0.1) }
        let preferred = method == nil ? Self.suitable(rules, given, method: base.method) : []
        let path = try Self.target(
            of: preferred + Self.suitable(rules, given, method: method), given,
            otherwise: Self.unsuitable(name, rules, given, method: method))
        let relative = "/" + String(decoding: path.utf8.drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
        let fragment = anchor.map { "#" + PercentEncoding.encode($0, allowing: Self.anchorAllowed) } ?? ""
        let origin = isExternal ?? (scheme != nil) ? Self.origin(base, scheme: scheme) : ""
        return origin + base.prefix + relative + fragment
    }

    /// The name of a route; one with a leading dot begins with that of the blueprint, if there is one.
    static func whole(_ name: String, in blueprint: String?) -> String {
        guard name.utf8.first == UInt8(ascii: ".") else { return name }
        return blueprint.map { $0 + name } ?? String(name.unicodeScalars.dropFirst())
    }

    /// The rules whose variables are all given.
    private static func suitable(
        _ rules: [Rule], _ values: [(name: String, value: URLValue)], method: String?
    ) -> [Rule] {
        rules.filter { rule in
            method.map { rule.methods.contains($0) } ?? true && rule.missing(values).isEmpty
        }
    }

    /// Path and query by the first rule whose variables take the values: of `/post/<int:id>` and `/post/<id>` the one
    /// that fits.
    private static func target(
        of rules: [Rule], _ values: [(name: String, value: URLValue)], otherwise mistake: @autoclosure () -> RouteError
    ) throws(RouteError) -> String {
        var first: RouteError?
        for rule in rules {
            do throws(RouteError) {
                return try Self.path(of: rule, values) + Self.query(of: rule, values)
            } catch {
                first = first ?? error
            }
        }
        throw first ?? mistake()
    }

    /// Werkzeug knows two schemes, and an empty one for `//host` (werkzeug/routing/map.py:918).
    private static func origin(_ base: URLBase, scheme: String?) -> String {
        let scheme = scheme ?? base.scheme
        guard !scheme.isEmpty else { return "//" + base.host }
        return (scheme == "https" || scheme == "wss" ? "https://" : "http://") + base.host
    }

    private static func path(
        of rule: Rule, _ values: [(name: String, value: URLValue)]
    ) throws(RouteError) -> String {
        var path = ""
        for token in rule.pattern.tokens {
            switch token {
            case .slash:
                path += "/"
            case .literal(let bytes):
                path += RoutePath.encode(bytes)
            case .variable(let name, let converter):
                let fitting = values.filter { $0.name.utf8.elementsEqual(name.utf8) }
                guard fitting.count == 1, let text = converter.urlText(fitting[0].value) else {
                    throw Self.unfit(fitting.map(\.value), name, converter, rule.pattern)
                }
                path += text
            }
        }
        return path
    }

    private static func query(
        of rule: Rule, _ values: [(name: String, value: URLValue)]
    ) throws(RouteError) -> String {
        var pairs: [String] = []
        for (name, value) in values
        where !rule.pattern.variables.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            let items: [URLValue] = if case .array(let items) = value { items } else { [value] }
            for item in items where item != .null {
                guard let text = item.text else {
                    throw RouteError(.invalidValue, "The query parameter \"\(name)\" has an array inside an array.")
                }
                pairs.append(PercentEncoding.formText(name) + "=" + PercentEncoding.formText(text))
            }
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

extension URLBuilder {
    private func unknown(_ name: String) -> RouteError {
        let near = NearNames.nearest(to: name, in: self.names).map { "\"\($0)\"" }
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
        return RouteError(.unknownName, "No route is named \"\(name)\".\(hint)")
    }

    private static func unsuitable(
        _ name: String, _ rules: [Rule], _ values: [(name: String, value: URLValue)], method: String?
    ) -> RouteError {
        let suitable = rules.filter { rule in method.map { rule.methods.contains($0) } ?? true }
        guard let closest = suitable.min(by: { $0.missing(values).count < $1.missing(values).count }) else {
            let known = Set(rules.flatMap(\.methods)).sorted().joined(separator: ", ")
            return RouteError(.wrongMethod, "Route \"\(name)\" does not answer \(method ?? ""); it answers \(known).")
        }
        let missing = closest.missing(values).map { "\"\($0)\"" }.joined(separator: ", ")
        return RouteError(
            .missingVariable, "The URL of \"\(name)\" (\(closest.pattern.rule)) needs a value for \(missing)."
        )
    }

    private static func unfit(
        _ values: [URLValue], _ name: String, _ converter: PathConverter, _ pattern: RoutePattern
    ) -> RouteError {
        let given = values.map { $0.text.map { "\"\($0)\"" } ?? "an array" }.joined(separator: " and ")
        return RouteError(
            .invalidValue, "The variable \"\(name)\" of \(pattern.rule) takes \(converter.expectation), not \(given)."
        )
    }
}
