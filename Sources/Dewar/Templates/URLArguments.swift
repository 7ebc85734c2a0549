// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What stands between `{{#url.person}}` and its end: `id={{id}}&tab=photos`.
struct URLArguments: Sendable {
    enum Piece: Sendable, Equatable {
        case text(String)
        /// What a tag names.
        case tag(String)
    }

    let values: [(name: String, pieces: [Piece])]

    /// Nil for text that is none: a tag of another kind, a name with a tag, a value without a name.
    init?(_ text: String) {
        var values: [(name: String, pieces: [Piece])] = []
        for part in text.split(separator: "&", omittingEmptySubsequences: false) {
            let part = part.trimmingPrefix(while: \.isWhitespace)
            let name = part.prefix { $0 != "=" && $0 != "{" }
            guard !name.isEmpty, part[name.endIndex...].first == "=",
                let pieces = Self.pieces(part[name.endIndex...].dropFirst())
            else { return nil }
            values.append((String(name), pieces))
        }
        self.values = values
    }

    /// The names of the tags, in their order.
    var tags: [String] {
        self.values.flatMap { value in
            value.pieces.compactMap { piece in if case .tag(let name) = piece { name } else { nil } }
        }
    }

    private static func pieces(_ text: Substring) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = text
        while let match = rest.firstMatch(of: /\{\{\s*([\w.?()*-]+)\s*\}\}/) {
            pieces += [.text(String(rest[..<match.range.lowerBound])), .tag(String(match.1))]
            rest = rest[match.range.upperBound...]
        }
        // A line break before the end tag is for the eye.
        while rest.last?.isWhitespace ?? false { rest = rest.dropLast() }
        pieces.append(.text(String(rest)))
        let isClear = pieces.allSatisfy { piece in
            if case .text(let text) = piece { !text.contains("{") && !text.contains("}") } else { true }
        }
        return isClear ? pieces : nil
    }
}
