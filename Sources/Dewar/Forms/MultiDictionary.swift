// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A form's fields or a query string's arguments: names with one or more values each, in the order of arrival.
///
/// It is Flask's `ImmutableMultiDict` (werkzeug/datastructures/structures.py), with Flask's words for looking things
/// up. Names are compared byte by byte, so "é" and "e" with a combining accent are two names. A lookup takes constant
/// time.
///
/// ```swift
/// let arguments = MultiDictionary([("tag", "a"), ("page", "2"), ("tag", "b")])
/// let tag = try arguments["tag"]  // "a"
/// let tags = arguments.getList("tag")  // ["a", "b"]
/// let page = arguments.get("page", as: Int.self)  // 2
/// ```
public struct MultiDictionary: Sendable, Hashable {
    /// The different names, each where it first appeared.
    public let names: [String]

    private let pairs: [Pair]
    private let positions: [[UInt8]: [Int]]

    /// Makes a dictionary of `pairs`, whose order it keeps.
    public init(_ pairs: some Sequence<(String, String)> = EmptyCollection<(String, String)>()) {
        var names: [String] = []
        var positions: [[UInt8]: [Int]] = [:]
        let pairs = pairs.map { Pair(name: $0.0, value: $0.1) }
        for (index, pair) in pairs.enumerated() {
            let key = Array(pair.name.utf8)
            if positions[key] == nil { names.append(pair.name) }
            positions[key, default: []].append(index)
        }
        self.names = names
        self.pairs = pairs
        self.positions = positions
    }

    /// How many pairs there are. Flask's `len()` counts the names: that is `names.count`.
    public var count: Int { self.pairs.count }

    /// True when there are no pairs.
    public var isEmpty: Bool { self.pairs.isEmpty }

    /// The first value of `name`.
    ///
    /// - Throws: `MissingFieldError` when there is none. A handler that lets it pass answers with status 400, as in
    ///   Flask.
    public subscript(name: String) -> String {
        get throws(MissingFieldError) {
            guard let value = self.get(name) else { throw MissingFieldError(name: name) }
            return value
        }
    }

    /// The first value of `name`, or nil when there is none.
    public func get(_ name: String) -> String? {
        self.positions[Array(name.utf8)]?.first.map { self.pairs[$0].value }
    }

    /// The first value of `name`, or `default` when there is none.
    public func get(_ name: String, default: String) -> String {
        self.get(name) ?? `default`
    }

    /// The first value of `name` read as a `type`, or nil when there is none or it cannot be read as one.
    ///
    /// White space is not removed: " 5" is no `Int` here, although Python's `int` takes it.
    public func get<T: LosslessStringConvertible>(_ name: String, as type: T.Type) -> T? {
        self.get(name).flatMap { T($0) }
    }

    /// Every value of `name` in order; empty when there is none.
    public func getList(_ name: String) -> [String] {
        (self.positions[Array(name.utf8)] ?? []).map { self.pairs[$0].value }
    }

    /// True when `name` has a value, be it an empty one.
    public func contains(_ name: String) -> Bool {
        self.positions[Array(name.utf8)] != nil
    }

    /// True when both hold the same pairs, byte for byte, in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        left.pairs == right.pairs
    }

    /// Feeds every pair to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.pairs)
    }

    private struct Pair: Sendable, Hashable {
        let name: String
        let value: String

        static func == (left: Self, right: Self) -> Bool {
            left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(Array(self.name.utf8))
            hasher.combine(Array(self.value.utf8))
        }
    }
}

extension MultiDictionary: Sequence {
    /// Goes over every pair, in the order in which they arrived; a name with three values comes three times.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        self.pairs.lazy.map { (name: $0.name, value: $0.value) }.makeIterator()
    }

    /// The exact number of pairs.
    public var underestimatedCount: Int { self.pairs.count }
}
