// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Matches one `PatternPart` against its segment by trying each variable's possible ends in order of preference.
///
/// The outcome is that of the regular expression Werkzeug builds. Ends after which the rest of the part did not match
/// are not tried again, so that a client cannot make a part with several variables costly.
struct PartMatcher {
    private let part: PatternPart
    private let target: ArraySlice<UInt8>

    /// For each element, the ends after which the rest is known not to match.
    private var deadEnds: [Int: ClosedRange<Int>] = [:]

    private var stops = TextStops()

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
            guard grammar.matches(rest, stops: &self.stops) else { return false }
            self.captures.append(rest)
            return true
        case .variable(let grammar):
            let candidates = grammar.ends(in: rest, stops: &self.stops)
            return candidates.contains { self.matches($0, element: index, at: position) }
        }
    }

    private mutating func matches(_ ends: ConverterGrammar.Ends, element index: Int, at position: Int) -> Bool {
        let step = ends.prefersLongest ? -1 : 1
        let dead = self.deadEnds[index]
        var end = ends.prefersLongest ? ends.range.upperBound : ends.range.lowerBound
        while ends.range.contains(end) {
            if let dead, dead.contains(end) {
                end = (ends.prefersLongest ? dead.lowerBound : dead.upperBound) + step
                continue
            }
            let isBoundary = end == self.target.endIndex || !UTF8.isContinuation(self.target[end])
            if isBoundary, self.matches(element: index, from: position, to: end) { return true }
            end += step
        }
        // One range is enough: starts come in order, so the ranges of one stretch of text overlap.
        if let dead, dead.overlaps(ends.range) {
            let low = min(dead.lowerBound, ends.range.lowerBound)
            self.deadEnds[index] = low...max(dead.upperBound, ends.range.upperBound)
        } else {
            self.deadEnds[index] = ends.range
        }
        return false
    }

    private mutating func matches(element index: Int, from position: Int, to end: Int) -> Bool {
        self.captures.append(self.target[position..<end])
        if self.matches(element: index + 1, at: end) { return true }
        self.captures.removeLast()
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
