// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One search of a path in a `RouteTrie`. It collects the methods of the rules that fit the path but not the method.
struct RouteSearch {
    enum Outcome {
        case found(rule: Int, captures: [ArraySlice<UInt8>])
        /// A rule matches the path with a slash added at its end.
        case missingSlash
        case none
    }

    private let trie: RouteTrie
    private let method: String?
    private var path: [UInt8] = []
    private var segments: [ArraySlice<UInt8>] = []
    private var captures: [ArraySlice<UInt8>] = []

    /// The methods of the rules that fit the path so far but not the method.
    private(set) var allowed: Set<String> = []

    /// A method of nil fits no rule.
    init(_ trie: RouteTrie, method: String?) {
        self.trie = trie
        self.method = method
    }

    /// Looks for the first rule that fits `path`; the allowed methods of all calls add up.
    mutating func run(_ path: [UInt8]) -> Outcome {
        self.path = path
        self.segments = RoutePath.segments(of: path)
        self.captures = []
        return self.visit(0, at: 0)
    }

    private mutating func visit(_ index: Int, at position: Int) -> Outcome {
        let node = self.trie.nodes[index]
        guard position < self.segments.count else { return self.finish(at: node) }
        let segment = self.segments[position]
        if let next = node.literals[segment] {
            let outcome = self.visit(next, at: position + 1)
            guard case .none = outcome else { return outcome }
        }
        for (part, next) in node.variables {
            let target = part.isFinal ? self.path[segment.startIndex...] : segment
            var matcher = PartMatcher(part, on: target)
            guard matcher.matches() else { continue }
            let count = self.captures.count
            self.captures += matcher.captures
            // A slash taken at the end is the empty last segment.
            let after = matcher.tookSlash ? self.segments.count - 1 : part.isFinal ? self.segments.count : position + 1
            let outcome = self.visit(next, at: after)
            guard case .none = outcome else { return outcome }
            self.captures.removeSubrange(count...)
        }
        return .none
    }

    private mutating func finish(at node: RouteTrie.Node) -> Outcome {
        for rule in node.rules {
            if self.accepts(rule) { return .found(rule: rule, captures: self.captures) }
            self.allowed.formUnion(self.trie.methods[rule])
        }
        if let next = node.literals[[]], self.trie.nodes[next].rules.contains(where: { self.accepts($0) }) {
            return .missingSlash
        }
        return .none
    }

    private func accepts(_ rule: Int) -> Bool {
        guard let method = self.method else { return false }
        return self.trie.methods[rule].contains(method)
    }
}
