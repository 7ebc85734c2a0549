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
        let target = String(rest[end...])
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    private static func place(_ text: Substring) -> (host: String, port: Int?)? {
        guard !text.contains("@") else { return nil }
        let isAddress = text.first == "["
        let nameEnd = isAddress ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
        let name = text[..<(nameEnd ?? text.endIndex)]
        let host = String(isAddress ? name.dropFirst().dropLast() : name)
        guard !host.isEmpty, !isAddress || nameEnd != nil else { return nil }
        let rest = text[name.endIndex...]
        guard !rest.isEmpty else { return (host, nil) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65535).contains(port) else { return nil }
        return (host, port)
    }

    /// Where a redirect leads; nil for another scheme than http and https.
    func following(_ location: String) -> AuditURL? {
        if location.hasPrefix("//") { return AuditURL((self.isSecure ? "https:" : "http:") + location) }
        let path = location.split(separator: "#", omittingEmptySubsequences: false)[0]
        if path.contains("://") { return AuditURL(String(path)) }
        let base = self.target.split(separator: "?", omittingEmptySubsequences: false)[0]
        let folder = base[...(base.lastIndex(of: "/") ?? base.startIndex)]
        return AuditURL(self.origin + (path.hasPrefix("/") ? String(path) : String(folder) + path))
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
