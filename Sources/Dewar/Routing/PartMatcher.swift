// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Matches one `PatternPart` against its segment by trying each variable's possible ends in order of preference.
///
/// The outcome is that of the regular expression Werkzeug builds. A place where the rest of the part did not match is
/// remembered, so the work grows at most with the square of the segment's length, whatever a client sends.
struct PartMatcher {
    private let part: PatternPart
    private let target: ArraySlice<UInt8>
    private var deadEnds: Set<Int> = []

    /// What each variable matched, in order.
    private(set) var captures: [ArraySlice<UInt8>] = []

    /// Whether the optional slash at the part's end was there.
    private(set) var tookSlash = false

    init(_ part: PatternPart, on target: ArraySlice<UInt8>) {
        self.part = part
        self.target = target
    }

    /// Whether the part matches the whole target.
    mutating func matches() -> Bool {
        self.matches(element: 0, at: self.target.startIndex)
    }

    private mutating func matches(element index: Int, at position: Int) -> Bool {
        guard index < self.part.elements.count else { return self.matchesEnd(at: position) }
        let rest = self.target[position...]
        switch self.part.elements[index] {
        case .literal(let bytes):
            return rest.starts(with: bytes) && self.matches(element: index + 1, at: position + bytes.count)
        case .variable(let grammar) where index == self.part.elements.count - 1 && !self.part.endsWithOptionalSlash:
            guard grammar.matches(rest) else { return false }
            self.captures.append(rest)
            return true
        case .variable(let grammar):
            return self.matches(grammar, element: index, at: position)
        }
    }

    private mutating func matches(_ grammar: ConverterGrammar, element index: Int, at position: Int) -> Bool {
        let place = index * (self.target.count + 1) + (position - self.target.startIndex)
        guard !self.deadEnds.contains(place) else { return false }
        for end in grammar.ends(in: self.target[position...]) {
            self.captures.append(self.target[position..<end])
            if self.matches(element: index + 1, at: end) { return true }
            self.captures.removeLast()
        }
        self.deadEnds.insert(place)
        return false
    }

    /// An optional slash counts only once: after `a/` it is not taken from `a//`.
    private mutating func matchesEnd(at position: Int) -> Bool {
        guard self.part.endsWithOptionalSlash else { return position == self.target.endIndex }
        let slash = UInt8(ascii: "/")
        if position > self.target.startIndex, self.target[position - 1] == slash { return false }
        self.tookSlash = self.target[position...].elementsEqual([slash])
        return self.tookSlash || position == self.target.endIndex
    }
}
