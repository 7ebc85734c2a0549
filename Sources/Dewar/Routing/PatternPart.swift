// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a rule expects of one path segment, or, from a `path` variable on, of the whole rest of the path.
struct PatternPart: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case literal([UInt8])
        case variable(ConverterGrammar)
    }

    private(set) var elements: [Element] = []

    /// Whether the part takes all remaining segments, since one of its variables matches slashes.
    private(set) var isFinal = false

    /// Whether the part takes an optional slash at its end: a `path` variable in a rule that ends with a slash.
    private(set) var endsWithOptionalSlash = false

    /// Smaller is tried earlier: more literals, longer literals, more variables, lighter variables
    /// (werkzeug/routing/rules.py, `Weighting`), written one after the other.
    private(set) var weight: [Int] = []

    /// The segment that a part without variables matches, otherwise nil.
    var literal: [UInt8]? {
        switch (self.elements.count, self.elements.first) {
        case (0, _): []
        case (1, .literal(let bytes)): bytes
        default: nil
        }
    }

    /// The parts of a rule, given its tokens after the first slash.
    static func parts(of tokens: some Sequence<RuleToken>) -> [PatternPart] {
        var parts: [PatternPart] = []
        var part = PatternPart()
        var literalWeights: [Int] = []
        var variableWeights: [Int] = []

        func finish() {
            part.weight = [-literalWeights.count] + literalWeights + [-variableWeights.count] + variableWeights
            parts.append(part)
            (part, literalWeights, variableWeights) = (PatternPart(), [], [])
        }
        for token in tokens {
            switch token {
            case .literal(let bytes):
                part.append(bytes)
                literalWeights.append(-String(decoding: bytes, as: UTF8.self).unicodeScalars.count)
            case .variable(_, let converter):
                part.elements.append(.variable(converter.grammar))
                part.isFinal = part.isFinal || converter.grammar.matchesSlashes
                variableWeights.append(converter.weight)
            case .slash where part.isFinal:
                part.append([UInt8(ascii: "/")])
            case .slash:
                finish()
            }
        }
        let hasOptionalSlash = part.isFinal && part.removeSlashAtEnd()
        part.endsWithOptionalSlash = hasOptionalSlash
        finish()
        return hasOptionalSlash ? parts + [PatternPart()] : parts
    }

    private mutating func append(_ bytes: [UInt8]) {
        if case .literal(let before) = self.elements.last {
            self.elements[self.elements.count - 1] = .literal(before + bytes)
        } else {
            self.elements.append(.literal(bytes))
        }
    }

    private mutating func removeSlashAtEnd() -> Bool {
        guard case .literal(let bytes) = self.elements.last, bytes.last == UInt8(ascii: "/") else { return false }
        self.elements.removeLast()
        if bytes.count > 1 { self.elements.append(.literal(Array(bytes.dropLast()))) }
        return true
    }
}
