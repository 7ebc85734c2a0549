// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The answer of a `RouteTable` to a request's method and path.
package enum RouteMatch<Value: Sendable>: Sendable {
    /// A rule matches; `parameters` are its variables in order, as text.
    case found(Value, name: String, parameters: [(name: String, value: String)])

    /// A rule matches that leaves OPTIONS to the framework: status 200, `Allow`, no body. The methods are sorted.
    case automaticOptions(Value, allowed: [String])

    /// The path lacks its closing slash or repeats one: status 308 to this path, which is percent-encoded. Scheme,
    /// host, mount prefix and query are the caller's to add.
    case redirect(path: String)

    /// Only rules for other methods match: status 405 with these methods in `Allow`, sorted.
    case methodNotAllowed(allowed: [String])

    /// No rule matches: status 404.
    case notFound
}
