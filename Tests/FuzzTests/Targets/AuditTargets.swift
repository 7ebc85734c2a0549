// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import DewarTool

extension FuzzTarget {
    /// An address, and where its page redirects to, in a line each.
    static let auditURL = FuzzTarget("audit-url", "the address of a page that is audited, and a redirect") { input in
        let lines = input.lines(atMost: 2).map(\.text)
        guard let url = AuditURL(lines[0]) else { return }
        try Self.requireSame(url)
        let location = lines.count > 1 ? lines[1] : ""
        guard let next = url.following(location) else { return }
        try Self.requireSame(next)
        let isAbsolute = location.contains(":") || location.hasPrefix("//")
        try require(isAbsolute || next.origin == url.origin, "a path leads to another site")
        try require(
            AuditURL(next.origin)?.following(next.target) == next || next.target.hasPrefix("//"), "another page")
    }

    /// What is sent to the server is what is read from it.
    private static func requireSame(_ url: AuditURL) throws {
        try require(AuditURL(url.origin + url.target) == url, "written again, the address is another")
        let sent = url.host + url.target + url.hostField
        try require(sent.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "what is sent is not visible ASCII")
        try require(url.target.hasPrefix("/") && (1...65535).contains(url.port), "there is no such page")
        let path = url.target.prefix { $0 != "?" }.split(separator: "/")
        try require(!path.contains("..") && !path.contains("."), "the path has dots that a browser takes out")
    }

    /// The first byte says whether the input is a field as a server sends it, or the parts of one that Dewar writes.
    static let auditCookie = FuzzTarget("audit-cookie", "a Set-Cookie field that is audited") { input in
        let (flags, rest) = input.choice(of: 64)
        if flags & 1 == 0 { try Self.readField(rest.text) } else { try Self.readWritten(flags, rest) }
    }

    private static func readField(_ field: String) throws {
        guard let cookie = DewarTool.SentCookie(field) else { return }
        let texts = [cookie.name, cookie.value, cookie.path ?? "", cookie.domain ?? "", cookie.sameSite ?? ""]
        for text in texts {
            let ends = [text.utf8.first, text.utf8.last]
            try require(!ends.contains(0x20) && !ends.contains(0x09), "blanks around a part")
            try require(!text.utf8.contains(UInt8(ascii: ";")), "a part has the sign that ends it")
        }
        try require(!cookie.name.isEmpty && !cookie.name.utf8.contains(UInt8(ascii: "=")), "a cookie of no name")
        try require(DewarTool.SentCookie(Self.written(cookie)) == cookie, "written again, the cookie is another")
        for url in ["https://shop.example/", "http://localhost:5000/"].compactMap({ AuditURL($0) }) {
            _ = CookieRules.findings(cookie, isSession: cookie.looksLikeSession, at: url)
        }
    }

    /// The same cookie, with blanks where browsers take no notice of them.
    private static func written(_ cookie: DewarTool.SentCookie) -> String {
        var parts = ["\(cookie.name) =\t\(cookie.value)"]
        if cookie.isSecure { parts.append(" SECURE ") }
        if cookie.isHTTPOnly { parts.append("httpOnly=no") }
        if let sameSite = cookie.sameSite { parts.append("SameSite = \(sameSite)") }
        if let domain = cookie.domain { parts.append("\tdomain=\(domain)") }
        if let path = cookie.path { parts.append("Path= \(path)") }
        if let maxAge = cookie.maxAge { parts.append("Max-Age =\(maxAge)") }
        return parts.joined(separator: " ; ") + ";Max-Age=+1;max-age=1.5;unknown"
    }

    private static func readWritten(_ flags: Int, _ rest: [UInt8]) throws {
        let parts = rest.lines(atMost: 3).map(\.text)
        let cookie = SetCookie(
            name: parts[0], value: parts.count > 1 ? parts[1] : "", maxAge: flags & 32 != 0 ? 60 : nil,
            isSecure: flags & 2 != 0, isHTTPOnly: flags & 4 != 0,
            path: parts.count > 2 && flags & 8 != 0 ? parts[2] : nil,
            sameSite: flags & 16 != 0 ? .lax : nil)
        guard (try? cookie.validate()) != nil else { return }
        guard let read = DewarTool.SentCookie(cookie.headerValue) else {
            throw Violation(description: "a cookie that Dewar writes is none")
        }
        let hasSameAttributes =
            read.isSecure == cookie.isSecure && read.isHTTPOnly == cookie.isHTTPOnly && read.domain == nil
            && read.sameSite == (cookie.sameSite == nil ? nil : "lax") && (read.path == nil) == (cookie.path == nil)
            && read.maxAge == (cookie.maxAge == nil ? nil : 60)
        try require(hasSameAttributes, "a cookie that Dewar writes is read with other attributes")
        let sent = CookieHeader(bytes: Array("\(read.name)=\(read.value)".utf8)).first(cookie.name)
        try require(isSame(sent, cookie.value), "what is sent back is another value")
    }
}
