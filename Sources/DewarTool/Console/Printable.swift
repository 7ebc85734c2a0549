// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// Texts and numbers as a terminal shows them.
enum Printable {
    /// The text with escapes in the place of characters that do something to a terminal.
    static func text(_ text: String) -> String { text.printable }

    /// The text with spaces after it, up to a width.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }

    /// A number of bytes: `512 B`, `1.5 KiB`.
    static func size(_ bytes: Int) -> String {
        var (value, unit) = (bytes * 10, 0)
        while value >= 10_240, unit < 4 { (value, unit) = (value / 1024, unit + 1) }
        guard unit > 0 else { return "\(bytes) B" }
        return "\(value / 10).\(value % 10) \(["B", "KiB", "MiB", "GiB", "TiB"][unit])"
    }

    /// A number of things: `1 session`, `2 sessions`.
    static func count(_ number: Int, _ thing: String) -> String {
        "\(Self.count(number)) \(thing)\(number == 1 ? "" : "s")"
    }

    /// A number with commas between its thousands.
    static func count(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != "-" { text += "," }
            text.append(digits[index])
        }
    }
}
