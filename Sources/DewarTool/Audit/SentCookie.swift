// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A cookie as a site sets it: RFC 6265bis, section 5.6, without what browsers do with times.
struct SentCookie: Hashable {
    let name: String
    let value: String
    private(set) var isSecure = false
    private(set) var isHTTPOnly = false
    private(set) var sameSite: String?
    private(set) var domain: String?
    private(set) var path: String?
    private(set) var maxAge: Int?
    /// Whether the cookie is taken away.
    var isRemoval: Bool { self.value.isEmpty || self.maxAge.map { $0 <= 0 } ?? false }
    /// How many bytes name and value have.
    var size: Int { self.name.utf8.count + self.value.utf8.count }

    init?(_ field: String) {
        let parts = Substring(field).utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map(Self.pair)
        guard let value = parts[0].value, !parts[0].name.isEmpty else { return nil }
        self.name = parts[0].name
        self.value = value
        for part in parts.dropFirst() {
            let argument = part.value ?? ""
            switch part.name.lowercased() {
            case "secure": self.isSecure = true
            case "httponly": self.isHTTPOnly = true
            case "samesite": self.sameSite = argument.lowercased()
            case "domain": self.domain = argument.isEmpty ? nil : argument
            case "path": self.path = argument
            case "max-age": self.maxAge = Self.seconds(argument) ?? self.maxAge
            default: break
            }
        }
    }

    /// What is before the first `=` and after it, each without the blanks around it.
    private static func pair(_ part: Substring.UTF8View) -> (name: String, value: String?) {
        let equals = part.firstIndex(of: UInt8(ascii: "="))
        return (
            Self.trimmed(part[..<(equals ?? part.endIndex)]),
            equals.map { Self.trimmed(part[part.index(after: $0)...]) }
        )
    }

    private static func trimmed(_ part: Substring.UTF8View) -> String {
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        var part = part.drop(while: blanks.contains)
        while let last = part.last, blanks.contains(last) { part.removeLast() }
        return String(decoding: part, as: UTF8.self)
    }

    /// Digits, with a minus sign before them or without; a browser takes no notice of anything else, and as many seconds
    /// as it can of a number that is too large.
    private static func seconds(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text) ?? (digits.count < text.utf8.count ? .min : .max)
    }

    /// Whether the name or the value is that of a session, as far as it can be told.
    var looksLikeSession: Bool {
        let name = self.name.lowercased()
        if ["sess", "sid", "auth", "login"].contains(where: name.contains) { return true }
        return CookieReading(self.value, names: [self.name], keys: nil, lifetime: 0, now: .init(milliseconds: 0)).form
            != .unknown
    }
}
