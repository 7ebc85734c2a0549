// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The rules of a table as a tree with one level for each path segment.
///
/// Literal segments are looked up; variable ones are tried in order of weight, those of one weight in order of
/// registration (werkzeug/routing/matcher.py). Rules are numbers, given out in the order of `add`.
struct RouteTrie: Sendable {
    struct Node: Sendable {
        fileprivate(set) var literals: [ArraySlice<UInt8>: Int] = [:]
        fileprivate(set) var variables: [(part: PatternPart, node: Int)] = []
        fileprivate(set) var rules: [Int] = []
    }

    /// The root is the first.
    private(set) var nodes = [Node()]

    /// The methods of each rule.
    private(set) var methods: [[String]] = []

    /// Adds a rule that answers `methods` and returns its number.
    mutating func add(_ parts: [PatternPart], methods: [String]) -> Int {
        var node = 0
        for part in parts { node = self.child(of: node, for: part) }
        self.methods.append(methods)
        self.nodes[node].rules.append(self.methods.count - 1)
        return self.methods.count - 1
    }

    private mutating func child(of parent: Int, for part: PatternPart) -> Int {
        if let literal = part.literal {
            if let node = self.nodes[parent].literals[literal[...]] { return node }
            self.nodes[parent].literals[literal[...]] = self.nodes.count
        } else {
            let variables = self.nodes[parent].variables
            if let known = variables.first(where: { $0.part == part }) { return known.node }
            let place = variables.firstIndex { part.weight.lexicographicallyPrecedes($0.part.weight) }
            self.nodes[parent].variables.insert((part, self.nodes.count), at: place ?? variables.count)
        }
        self.nodes.append(Node())
        return self.nodes.count - 1
    }
}
