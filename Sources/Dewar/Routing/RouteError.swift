// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A rule that cannot be registered, or a URL that cannot be built.
///
/// Rules are checked when they are registered, so a misspelt one stops the program at start-up. Building a URL fails
/// for an unknown name, a missing variable or a value that the variable cannot take; Werkzeug calls it `BuildError`
/// (werkzeug/routing/exceptions.py:76).
public struct RouteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Code: String, Hashable, Sendable {
        /// The rule's text does not follow the rule syntax.
        case invalidRule
        /// The rule names a converter that does not exist.
        case unknownConverter
        /// The rule uses one variable name twice.
        case repeatedVariable
        /// The name already has the rule, for the same method.
        case duplicateRule
        /// No rule has the name that a URL was asked for.
        case unknownName
        /// A URL was asked for without a value for each of its variables.
        case missingVariable
        /// The rules of that name do not answer the method that a URL was asked for.
        case wrongMethod
        /// A value does not fit the variable that it is for, or the options of a URL contradict each other.
        case invalidValue
    }

    /// What kind of mistake it is, for programs.
    public let code: Code

    /// What is wrong and what would be right, for people.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
