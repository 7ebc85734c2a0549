// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A rule that cannot be registered, or a URL that cannot be built.
///
/// Rules are checked when they are registered, so a misspelt one stops the program at start-up. Building a URL fails
/// for an unknown name, a missing variable or a value that the variable cannot take; Werkzeug calls it `BuildError`
/// (werkzeug/routing/exceptions.py:76).
public struct RouteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidRule, unknownConverter, repeatedVariable, duplicateRule, unknownName, missingVariable,
                wrongMethod, invalidValue, invalidName, addedTooLate
        }

        let value: Value

        /// The rule's text does not follow the rule syntax.
        public static let invalidRule = Kind(value: .invalidRule)
        /// The rule names a converter that does not exist.
        public static let unknownConverter = Kind(value: .unknownConverter)
        /// The rule uses one variable name twice.
        public static let repeatedVariable = Kind(value: .repeatedVariable)
        /// The name already has the rule, for the same method.
        public static let duplicateRule = Kind(value: .duplicateRule)
        /// No rule has the name that a URL was asked for.
        public static let unknownName = Kind(value: .unknownName)
        /// A URL was asked for without a value for each of its variables.
        public static let missingVariable = Kind(value: .missingVariable)
        /// The rules of that name do not answer the method that a URL was asked for.
        public static let wrongMethod = Kind(value: .wrongMethod)
        /// A value does not fit the variable that it is for, or the options of a URL contradict each other.
        public static let invalidValue = Kind(value: .invalidValue)

        /// The name of a blueprint, or of one of its routes, is empty, has a dot, or is taken.
        public static let invalidName = Kind(value: .invalidName)
        /// A blueprint got a route, a hook or a handler after it had been registered.
        public static let addedTooLate = Kind(value: .addedTooLate)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// What kind of mistake it is, for programs.
    public let kind: Kind

    /// What is wrong and what would be right, for people.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
