// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the variable parts of a route matched, percent-decoded.
///
/// ```swift
/// app.get("/user/<name>") { request in
///     "Hello \(try request.parameters["name"])"
/// }
/// ```
public struct Parameters: Sendable {
    private let values: [(name: String, value: String)]

    init(_ values: [(name: String, value: String)] = []) {
        self.values = values
    }

    /// The text that a variable matched.
    ///
    /// - Throws: ``RouteError`` when the route has no such variable, which answers 500: the route or the name is wrong.
    public subscript(name: String) -> String {
        get throws {
            guard let match = self.values.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw RouteError(.missingVariable, "The route that matched has no variable <\(name)>.")
            }
            return match.value
        }
    }

    /// What a variable matched, as a number or another type made from text.
    ///
    /// ```swift
    /// app.get("/post/<int:id>") { request in
    ///     let id = try request.parameters.get("id", as: Int.self)
    ///     return "Post \(id)"
    /// }
    /// ```
    ///
    /// - Throws: ``HTTPException`` 404 when the text is not such a value, for example a number too large for `Int`.
    public func get<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type) throws -> Value {
        guard let value = Value(try self[name]) else { throw HTTPException(.notFound) }
        return value
    }

    /// The names of the variables, in the order of the rule.
    public var names: [String] { self.values.map(\.name) }
}
