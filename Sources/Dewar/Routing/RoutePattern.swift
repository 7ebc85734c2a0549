// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A parsed rule in Flask's syntax: `/`, `/user/<name>`, `/post/<int:id>/`, `/file/<path:p>`, `/page-<x>.html`.
///
/// A rule that ends with a slash also redirects the path without it. A rule that does not end with one matches its own
/// path only. Repeated slashes in a rule count as one.
package struct RoutePattern: Hashable, Sendable {
    /// The rule as it was written.
    let rule: String

    /// Slashes, literal text and variables in order, for building URLs.
    let tokens: [RuleToken]

    /// One part for each path segment after the first slash, for matching.
    let parts: [PatternPart]

    /// The rule's variables in order.
    let variables: [Variable]

    struct Variable: Hashable, Sendable {
        let name: String
        let converter: PathConverter
    }

    /// Throws `invalidRule`, `unknownConverter` or `repeatedVariable`.
    package init(_ rule: String) throws(RouteError) {
        self.rule = rule
        self.tokens = try RuleParser.tokens(of: rule)
        self.parts = PatternPart.parts(of: self.tokens.dropFirst())
        self.variables = self.tokens.compactMap { token in
            guard case .variable(let name, let converter) = token else { return nil }
            return Variable(name: name, converter: converter)
        }
    }

    /// The one path that a rule without variables matches, nil for a rule with variables.
    var staticPath: [UInt8]? {
        guard self.variables.isEmpty else { return nil }
        return self.tokens.flatMap { token in
            if case .literal(let bytes) = token { bytes } else { [UInt8(ascii: "/")] }
        }
    }
}
