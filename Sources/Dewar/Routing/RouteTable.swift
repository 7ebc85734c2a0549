// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds the value (an application's handler) for a request's method and path, as Werkzeug's `Map` does.
///
/// Literal paths are found with one look-up, others through a tree with a level for each segment. Unlike Werkzeug's
/// there are no subdomains, defaults or aliases.
package struct RouteTable<Value: Sendable>: Sendable {
    private struct Rule: Sendable {
        let pattern: RoutePattern
        let name: String
        let value: Value
        let hasAutomaticOptions: Bool
    }

    private var rules: [Rule] = []
    private var trie = RouteTrie()
    private var staticRules: [[UInt8]: [Int]] = [:]

    /// Builds the URLs of the rules in this table.
    package private(set) var urls = URLBuilder()

    package init() {}

    /// Adds a rule.
    ///
    /// Methods are upper-cased; HEAD is added to GET, and OPTIONS is answered automatically unless it is listed.
    /// Several rules may have one name. One that repeats rule, name and method throws `duplicateRule`: it would never
    /// answer.
    package mutating func add(
        _ pattern: RoutePattern, name: String, methods: some Sequence<String>, value: Value
    ) throws(RouteError) {
        let listed = Set(methods.map { $0.uppercased() })
        if let method = self.urls.repeated(pattern, name: name, methods: listed) {
            throw RouteError(
                .duplicateRule,
                "The route \"\(name)\" has the rule \"\(pattern.rule)\" for \(method) twice; the second would never answer."
            )
        }
        let all = listed.union(["OPTIONS"]).union(listed.contains("GET") ? ["HEAD"] : []).sorted()
        let number = self.trie.add(pattern.parts, methods: all)
        self.rules.append(
            Rule(pattern: pattern, name: name, value: value, hasAutomaticOptions: !listed.contains("OPTIONS"))
        )
        if let path = pattern.staticPath { self.staticRules[path, default: []].append(number) }
        self.urls.add(pattern, name: name, listed: listed, methods: all)
    }

    /// Matches the path of a request line: percent-encoded, without the query.
    package func match(method: String, path: String) -> RouteMatch<Value> {
        self.match(method: method, decodedPath: RoutePath.decode(path))
    }

    /// Matches a path that is percent-decoded already, as ``RoutePath`` does it.
    func match(method: String, decodedPath bytes: [UInt8]) -> RouteMatch<Value> {
        let method = method.utf8.contains { $0 >= UInt8(ascii: "a") } ? method.uppercased() : method
        if let rule = self.staticRules[bytes]?.first(where: { self.trie.methods[$0].contains(method) }) {
            return self.answer(rule, captures: [], method: method, path: bytes, search: nil)
        }
        var search = RouteSearch(self.trie, method: method)
        switch search.run(bytes) {
        case .found(let rule, let captures):
            return self.answer(rule, captures: captures, method: method, path: bytes, search: search)
        case .missingSlash:
            return self.redirect(bytes + [UInt8(ascii: "/")])
        case .none:
            return self.matchMerged(RoutePath.mergingSlashes(bytes), of: bytes, search: &search)
        }
    }

    /// The values in order of registration, and the methods that their rules were registered with or got besides.
    var entries: [(value: Value, methods: [String])] {
        self.rules.enumerated().map { ($1.value, self.trie.methods[$0]) }
    }

    /// Whether a rule with this name and without variables matches the decoded path, for any method.
    func serves(_ path: [UInt8], as name: String) -> Bool {
        self.staticRules[path]?.contains { self.rules[$0].name.utf8.elementsEqual(name.utf8) } ?? false
    }

    /// The methods that some rule answers for the path, sorted; empty when the path is unknown.
    func allowedMethods(path: String) -> [String] {
        self.allowedMethods(RoutePath.decode(path))
    }

    private func matchMerged(_ merged: [UInt8], of path: [UInt8], search: inout RouteSearch) -> RouteMatch<Value> {
        guard merged.count < path.count else { return self.mismatch(search) }
        switch search.run(merged) {
        case .found: return self.redirect(merged)
        case .missingSlash: return self.redirect(merged + [UInt8(ascii: "/")])
        case .none: return self.mismatch(search)
        }
    }

    /// Limits on values are checked last: breaking one ends the search, no other rule is tried (matcher.py:190-194).
    private func answer(
        _ number: Int, captures: [ArraySlice<UInt8>], method: String, path: [UInt8], search: RouteSearch?
    ) -> RouteMatch<Value> {
        let rule = self.rules[number]
        var parameters: [(name: String, value: String)] = []
        for (variable, bytes) in zip(rule.pattern.variables, captures) {
            guard let value = variable.converter.parameter(from: bytes) else { return self.mismatch(search) }
            parameters.append((variable.name, value))
        }
        if rule.hasAutomaticOptions, method == "OPTIONS" {
            return .automaticOptions(rule.value, allowed: self.allowedMethods(path))
        }
        return .found(rule.value, name: rule.name, parameters: parameters)
    }

    /// Never to `//host`: exactly one slash stands at the start.
    private func redirect(_ path: [UInt8]) -> RouteMatch<Value> {
        .redirect(path: "/" + RoutePath.encode(Array(path.drop { $0 == UInt8(ascii: "/") })))
    }

    private func mismatch(_ search: RouteSearch?) -> RouteMatch<Value> {
        guard let allowed = search?.allowed, !allowed.isEmpty else { return .notFound }
        return .methodNotAllowed(allowed: allowed.sorted())
    }

    private func allowedMethods(_ path: [UInt8]) -> [String] {
        var search = RouteSearch(self.trie, method: nil)
        _ = search.run(path)
        let merged = RoutePath.mergingSlashes(path)
        if merged.count < path.count { _ = search.run(merged) }
        return search.allowed.sorted()
    }
}
