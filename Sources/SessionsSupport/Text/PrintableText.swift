// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Unicode.Scalar {
    /// The scalar, or an escape (`\u{1b}`) in its place if it could begin a new line, move a terminal's cursor, change
    /// its colours, or turn the direction of the text around: a visitor chooses the name of a user, and an operator
    /// reads it.
    package var printable: String {
        switch self.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            "\\u{\(String(self.value, radix: 16))}"
        default: String(self)
        }
    }
}

extension String {
    /// The text for a terminal, where no character of it does anything.
    package var printable: String {
        self.unicodeScalars.reduce(into: "") { $0 += $1.printable }
    }

    /// The text in quotes, for a line of a log. Swift's own quotes leave what ends a line beyond ASCII.
    package var quoted: String {
        let text = self.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\n": text += "\\n"
            case "\"", "\\": text += "\\\(scalar)"
            default: text += scalar.printable
            }
        }
        return "\"\(text)\""
    }
}
