// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// The head of a connection's first request, read as far as it decides who answers: the app, or this command.
struct RequestStart: Equatable, Sendable {
    let method: String
    let target: String
    let host: String?
    let acceptsHTML: Bool

    /// A longer head is the app's affair.
    static let longest = 64 * 1024

    /// Nil while the head has not arrived completely.
    init?(_ bytes: some Collection<UInt8>) {
        var lines: [String] = []
        var rest = bytes[...]
        while true {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = rest[..<end].filter { $0 != UInt8(ascii: "\r") }
            rest = rest[rest.index(after: end)...]
            // Empty lines before a request are ignored (RFC 9112, section 2.2).
            guard line.isEmpty else {
                lines.append(String(decoding: line, as: UTF8.self))
                continue
            }
            if !lines.isEmpty { break }
        }
        let parts = lines[0].split(separator: " ")
        self.method = parts.first.map(String.init) ?? ""
        self.target = parts.count > 1 ? String(parts[1]) : "/"
        self.host = Self.field("host", in: lines)
        self.acceptsHTML = Self.field("accept", in: lines)?.contains("text/html") ?? false
    }

    private static func field(_ name: String, in lines: [String]) -> String? {
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name else { continue }
            return parts[1].trimmingPrefix { $0.isWhitespace }.description
        }
        return nil
    }

    /// Whether a person waits for a page, so that another page may stand in its place for a while.
    var isForPage: Bool { self.method == "GET" && self.acceptsHTML }

    /// Whether the request names this machine, or the host that is served. A name of another site that leads here (DNS
    /// rebinding) must not read the source lines on a page of errors.
    func isFor(_ served: String) -> Bool {
        guard let host = self.host?.lowercased() else { return true }
        let name =
            host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        return name == "localhost" || name.hasSuffix(".localhost") || name == served.lowercased()
            || name.contains(":") || name.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
    }
}
