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
        let parts = field.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        guard let equals = parts[0].firstIndex(of: "="), equals > parts[0].startIndex else { return nil }
        self.name = String(parts[0][..<equals])
        self.value = String(parts[0][parts[0].index(after: equals)...])
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let argument = pair.count > 1 ? pair[1] : ""
            switch pair[0].lowercased() {
            case "secure": self.isSecure = true
            case "httponly": self.isHTTPOnly = true
            case "samesite": self.sameSite = argument.lowercased()
            case "domain": self.domain = argument.isEmpty ? nil : argument
            case "path": self.path = argument
            case "max-age": self.maxAge = Int(argument)
            default: break
            }
        }
    }

    private static func trimmed(_ part: Substring) -> String {
        var part = part
        while part.first == " " || part.first == "\t" { part.removeFirst() }
        while part.last == " " || part.last == "\t" { part.removeLast() }
        return String(part)
    }

    /// Whether the name or the value is that of a session, as far as it can be told.
    var looksLikeSession: Bool {
        let name = self.name.lowercased()
        if ["sess", "sid", "auth", "login"].contains(where: name.contains) { return true }
        return CookieReading(self.value, names: [self.name], keys: nil, lifetime: 0, now: .init(milliseconds: 0)).form
            != .unknown
    }
}
