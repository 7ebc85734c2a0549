// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// The address of a page: scheme, host, port, and what comes after.
struct AuditURL: Hashable, CustomStringConvertible {
    let isSecure: Bool
    let host: String
    let port: Int
    /// The path and the query.
    let target: String

    /// Nil for anything but `http://…` and `https://…`, and for a user or a fragment in it.
    init?(_ text: String) {
        let lowered = text.lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains("#")
        else { return nil }
        self.isSecure = lowered.hasPrefix("https")
        let rest = text.dropFirst(self.isSecure ? 8 : 7)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let place = Self.place(rest[..<end]) else { return nil }
        self.host = place.host
        self.port = place.port ?? (self.isSecure ? 443 : 80)
        let target = rest[end...]
        let query = target.firstIndex(of: "?") ?? target.endIndex
        self.target = Self.withoutDots(target[..<query]) + target[query...]
    }

    private static func place(_ text: Substring) -> (host: String, port: Int?)? {
        let isAddress = text.first == "["
        let nameEnd = isAddress ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
        let name = text[..<(nameEnd ?? text.endIndex)]
        guard !isAddress || nameEnd != nil else { return nil }
        let host = (isAddress ? String(name.dropFirst().dropLast()) : String(name)).lowercased()
        guard isAddress ? Self.isAddress(host) : Self.isName(host) else { return nil }
        let rest = text[name.endIndex...]
        guard !rest.isEmpty else { return (host, nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.utf8.allSatisfy(Self.isDigit), let port = Int(digits),
            (1...65535).contains(port)
        else { return nil }
        return (host, port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// An IPv6 address, as far as its characters tell.
    private static func isAddress(_ host: String) -> Bool {
        host.contains(":") && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    private static func isName(_ host: String) -> Bool {
        !host.isEmpty && host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" }
    }

    /// A path as a browser asks for it: RFC 3986, section 5.2.4.
    private static func withoutDots(_ path: Substring) -> String {
        var segments: [Substring] = []
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part == ".." { _ = segments.popLast() }
            guard part == "." || part == ".." else {
                segments.append(part)
                continue
            }
            if index == parts.count - 1 { segments.append("") }
        }
        return "/" + segments.joined(separator: "/")
    }

    /// Where a redirect leads (RFC 3986, section 5.2.2); nil for another scheme than http and https.
    func following(_ location: String) -> AuditURL? {
        let reference = location.prefix { $0 != "#" }
        if Self.hasScheme(reference) { return AuditURL(String(reference)) }
        if reference.hasPrefix("//") { return AuditURL((self.isSecure ? "https:" : "http:") + reference) }
        let path = self.target.prefix { $0 != "?" }
        let target: Substring =
            switch reference.first {
            case nil: self.target[...]
            case "/": reference
            case "?": path + reference
            default: path[...(path.lastIndex(of: "/") ?? path.startIndex)] + reference
            }
        return AuditURL(self.origin + target)
    }

    /// Whether a reference begins with a scheme. A URL in the query of a relative one is none.
    private static func hasScheme(_ reference: Substring) -> Bool {
        guard let colon = reference.firstIndex(of: ":"), reference.first?.isLetter ?? false else { return false }
        return reference[..<colon].allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
    }

    /// The scheme, the host and the port, the last only where it is not the usual one.
    var origin: String { "\(self.isSecure ? "https" : "http")://\(self.hostField)" }

    /// The value of the `Host` field.
    var hostField: String {
        let name = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == (self.isSecure ? 443 : 80) ? name : "\(name):\(self.port)"
    }

    /// A host that only this machine can reach. Browsers treat it as if it spoke HTTPS.
    var isLocal: Bool { ["localhost", "127.0.0.1", "::1"].contains(self.host) || self.host.hasSuffix(".localhost") }

    /// Without the query, which may have a token in it.
    var description: String {
        self.origin + self.target.split(separator: "?", omittingEmptySubsequences: false)[0]
    }
}
