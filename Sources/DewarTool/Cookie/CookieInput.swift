// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// A cookie as people copy it: the value alone, `name=value`, a `Cookie` field, or a `Set-Cookie` field.
struct CookieInput {
    let name: String?
    let value: String

    /// The largest input that is read.
    static let limit = 64 * 1024

    /// - Parameter wanted: The cookie's name, if the user said it.
    init(_ text: String, wanted: String?) throws {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let field = Self.withoutFieldName(line.trimmedSpaces)
        let pairs = field.split(separator: ";").compactMap(Self.pair)
        let chosen =
            pairs.first { wanted == nil ? Self.usualNames.contains($0.name) : $0.name == wanted } ?? pairs.first
        if let chosen, wanted == nil || chosen.name == wanted {
            (self.name, self.value) = (chosen.name, chosen.value)
        } else if pairs.isEmpty {
            (self.name, self.value) = (wanted, String(field.prefix { $0 != ";" }).trimmedSpaces)
        } else {
            throw ToolError("There is no cookie named \(Printable.text(wanted ?? "")) in the input.")
        }
        guard !self.value.isEmpty, self.value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ToolError("The input is no cookie; a cookie's value is visible ASCII, without spaces.")
        }
    }

    static let usualNames = ["__Host-session", "session"]

    private static func withoutFieldName(_ line: String) -> String {
        for name in ["set-cookie:", "cookie:"] where line.lowercased().hasPrefix(name) {
            return String(line.dropFirst(name.count)).trimmedSpaces
        }
        return line
    }

    /// A token has no `=` in it: base64url leaves the padding out.
    private static func pair(_ part: Substring) -> (name: String, value: String)? {
        guard let equals = part.firstIndex(of: "=") else { return nil }
        let value = String(part[part.index(after: equals)...]).trimmedSpaces
        let isQuoted = value.utf8.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
        return (String(part[..<equals]).trimmedSpaces, isQuoted ? String(value.dropFirst().dropLast()) : value)
    }
}

extension String {
    fileprivate var trimmedSpaces: String {
        var text = Substring(self)
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
