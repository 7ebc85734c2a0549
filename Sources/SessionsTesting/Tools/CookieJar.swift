// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A browser's cookies, for tests: takes `Set-Cookie` lines in and gives `Cookie` lines out.
///
/// Behaves like the jar of Werkzeug's test client (`werkzeug/test.py:935-993, 1411-1464`): domain, path and name
/// together identify a cookie; a cookie with a Domain also goes to the domain's subdomains, whichever host set it; the
/// letter case of hosts and the leading dots of domains do not matter. Only the order is a browser's: the longest path
/// first. No time passes: a cookie stays until a line removes it.
///
/// ```swift
/// var jar = CookieJar()
/// jar.store("session=abc; HttpOnly; Path=/")
/// let header = jar.header()  // "session=abc"
/// ```
public struct CookieJar: Sendable {
    private struct Entry {
        var name: String
        /// The value as it stands in the header.
        var rawValue: String
        var domain: String
        var isHostOnly: Bool
        var path: String
        var isSecure: Bool
    }

    private var entries: [Entry] = []

    /// Whether Secure cookies are kept from requests that are not secure. Werkzeug's jar sends them anyway.
    public let honorsSecure: Bool

    /// An empty jar.
    public init(honorsSecure: Bool = false) {
        self.honorsSecure = honorsSecure
    }

    /// Stores the cookie of a `Set-Cookie` line that came from `host` in answer to a request for `path`.
    ///
    /// The line removes the cookie instead when Max-Age is 0 or less, when Expires is the beginning of 1970, or, given
    /// `now` in seconds since 1970 and no Max-Age, when Expires is not later than `now`. A line without a name is
    /// ignored, and so is a Max-Age that is not a number.
    public mutating func store(
        _ setCookie: String, host: String = "localhost", path: String = "/", now: Int? = nil
    ) {
        let parts = setCookie.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let pair = parts.first else { return }
        let (name, value) = Self.nameAndValue(pair)
        guard !name.isEmpty else { return }
        var attributes: [String: String] = [:]
        for part in parts.dropFirst() {
            let (name, value) = Self.nameAndValue(part)
            attributes[name.lowercased()] = value ?? ""
        }
        let domain = Self.withoutLeadingDots(attributes["domain"] ?? "")
        let entry = Entry(
            name: name, rawValue: value ?? "", domain: domain.isEmpty ? Self.hostName(host) : domain.lowercased(),
            isHostOnly: attributes["domain"] == nil,
            path: attributes["path"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.folder(of: path),
            isSecure: attributes["secure"] != nil)
        self.put(entry, isRemoval: Self.isRemoval(attributes, now: now))
    }

    /// Stores a cookie by hand, as if the host had set it for this path and all below it; the value is quoted where
    /// needed.
    public mutating func set(name: String, value: String, host: String = "localhost", path: String = "/") {
        self.store(SetCookie(name: name, value: value, path: path).headerValue, host: host)
    }

    /// The `Cookie` line of a request; nil when no cookie fits. The longest path comes first, and of equally long ones
    /// the oldest cookie, as in browsers (RFC 6265, section 5.4).
    public func header(host: String = "localhost", path: String = "/", isSecure: Bool = true) -> String? {
        let host = Self.hostName(host)
        let fitting = self.entries.filter { entry in
            (isSecure || !self.honorsSecure || !entry.isSecure) && Self.matches(host: host, entry)
                && Self.matches(path: Array(path.utf8), prefix: Array(entry.path.utf8))
        }
        guard !fitting.isEmpty else { return nil }
        // The standard library does not promise a stable sort.
        let ordered = fitting.enumerated().sorted { left, right in
            let (first, second) = (left.element.path.utf8.count, right.element.path.utf8.count)
            return first != second ? first > second : left.offset < right.offset
        }
        return ordered.map { "\($0.element.name)=\($0.element.rawValue)" }.joined(separator: "; ")
    }

    /// The value of the oldest cookie of this name, whatever its domain and path, unquoted; nil when there is none.
    public subscript(name: String) -> String? {
        guard let entry = self.entries.first(where: { Self.areSame($0.name, name) }) else { return nil }
        let raw = entry.rawValue.utf8
        let quote = UInt8(ascii: "\"")
        guard raw.count >= 2, raw.first == quote, raw.last == quote else { return entry.rawValue }
        return CookieHeader.unescape(raw.dropFirst().dropLast())
    }

    /// The names of all cookies, oldest first; a name is repeated for each domain and path.
    public var names: [String] { self.entries.map(\.name) }

    /// Empties the jar.
    public mutating func removeAll() {
        self.entries.removeAll()
    }

    private mutating func put(_ entry: Entry, isRemoval: Bool) {
        let index = self.entries.firstIndex {
            Self.areSame($0.name, entry.name) && Self.areSame($0.path, entry.path)
                && Self.areSame($0.domain, entry.domain)
        }
        switch (index, isRemoval) {
        case (let index?, true): self.entries.remove(at: index)
        case (let index?, false): self.entries[index] = entry
        case (nil, false): self.entries.append(entry)
        case (nil, true): break
        }
    }
}

extension CookieJar {
    private static func isRemoval(_ attributes: [String: String], now: Int?) -> Bool {
        let maxAge = attributes["max-age"].flatMap { $0.isEmpty ? 0 : Int($0) }
        if let maxAge, maxAge <= 0 { return true }
        guard let expires = attributes["expires"].flatMap(HTTPDate.parse) else { return false }
        if expires == 0 { return true }
        guard maxAge == nil, let now else { return false }
        return expires <= now
    }

    /// The trimmed texts before and after the first `=`; without one the value is nil.
    private static func nameAndValue(_ part: Substring.UTF8View) -> (name: String, value: String?) {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return (Self.trim(part), nil) }
        return (Self.trim(part[..<equals]), Self.trim(part[part.index(after: equals)...]))
    }

    private static func trim(_ text: Substring.UTF8View) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = text.drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(Substring(start[...last]))
    }

    /// The host without its port, in lower case.
    private static func hostName(_ host: String) -> String {
        let text = Substring(host)
        if text.utf8.first == UInt8(ascii: "["), let end = text.firstIndex(of: "]") {
            return text[...end].lowercased()
        }
        return Substring(text.utf8.prefix { $0 != UInt8(ascii: ":") }).lowercased()
    }

    private static func withoutLeadingDots(_ domain: String) -> String {
        String(Substring(domain.utf8.drop { $0 == UInt8(ascii: ".") }))
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func matches(host: String, _ entry: Entry) -> Bool {
        if Self.areSame(host, entry.domain) { return true }
        return !entry.isHostOnly && host.utf8.reversed().starts(with: ".\(entry.domain)".utf8.reversed())
    }

    private static func matches(path: [UInt8], prefix: [UInt8]) -> Bool {
        let slash = UInt8(ascii: "/")
        guard path.starts(with: prefix) else { return false }
        return path.count == prefix.count || prefix.last == slash || path[prefix.count] == slash
    }

    private static func areSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}
