// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A tag that includes a template: `{{> menu}}`, or `{{<layout}}` with what stands in its blocks.
struct IncludingTag: Sendable, Equatable {
    /// The template's name, as it is in the tag.
    let name: String
    /// From 1 on.
    let line: Int
    /// Whether the template is included whatever the values are: the tag is in no section, and in no block, which
    /// another template may replace.
    let isUnconditional: Bool
}

/// Finds the tags of a template that include others, by reading the text as Mustache does, which keeps what it has read
/// to itself. Mustache has found no mistake in the text before.
struct TemplateTags {
    private typealias Delimiters = (start: String, end: String)

    private var rest: Substring
    private var line = 1
    private var delimiters: Delimiters = ("{{", "}}")
    /// The delimiters outside of each section that is open: one that a section sets counts until its end.
    private var outside: [Delimiters] = []

    private init(_ text: String) {
        self.rest = text[...]
    }

    /// All tags of a text that name the template which they include: in `{{> *name}}` a value names it.
    static func including(in text: String) -> [IncludingTag] {
        var tags = TemplateTags(text)
        var found: [IncludingTag] = []
        while let tag = tags.next() {
            if !tag.name.contains("*") { found.append(tag) }
        }
        return found
    }

    private mutating func next() -> IncludingTag? {
        while let (tag, line) = self.tag() {
            guard let kind = tag.first else { continue }
            let isUnconditional = self.outside.isEmpty
            switch kind {
            case "#", "^", "$", "<": self.outside.append(self.delimiters)
            case "/": self.delimiters = self.outside.popLast() ?? self.delimiters
            case "=": self.setDelimiters(tag)
            default: break
            }
            guard kind == ">" || kind == "<" else { continue }
            let name = tag.dropFirst().split(whereSeparator: \.isWhitespace).first ?? ""
            return IncludingTag(name: String(name), line: line, isUnconditional: isUnconditional)
        }
        return nil
    }

    /// What stands in the next tag, and its line.
    private mutating func tag() -> (Substring, line: Int)? {
        guard self.read(to: self.delimiters.start) != nil else { return nil }
        let line = self.line
        // The old delimiters may be among those that the tag sets.
        let end = self.rest.first == "=" ? "=" + self.delimiters.end : self.delimiters.end
        return self.read(to: end).map { ($0, line) }
    }

    /// Reads on behind the next place where the delimiter is.
    ///
    /// - Returns: The text before it; nil if it is nowhere.
    private mutating func read(to delimiter: String) -> Substring? {
        let begin = self.rest
        while !self.rest.isEmpty {
            if self.rest.starts(with: delimiter) {
                let text = begin[..<self.rest.startIndex]
                self.rest = self.rest.dropFirst(delimiter.count)
                return text
            }
            if self.rest.removeFirst().isNewline { self.line += 1 }
        }
        return nil
    }

    private mutating func setDelimiters(_ tag: Substring) {
        let both = tag.dropFirst().split(whereSeparator: \.isWhitespace)
        if both.count == 2 { self.delimiters = (String(both[0]), String(both[1])) }
    }
}
