// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    /// The first byte says what the server knows; then a line each: the method, the path, the host, the origin, and what
    /// the browser says of the site.
    static let crossSite = FuzzTarget("cross-site", "the fields that tell which site a request comes from") { input in
        let (settings, rest) = input.choice(of: 12)
        let lines = rest.lines(atMost: 5).map(\.text) + [String](repeating: "", count: 5)
        let request = CrossSiteRequest(
            method: lines[0], path: lines[1], host: lines[2], origin: lines[3], fetchSite: lines[4],
            isWebSocketHandshake: settings & 1 != 0, scheme: [nil, "http", "https"][settings / 4])
        let policy = CrossSitePolicy(
            trustedOrigins: ["https://pay.example"], exemptPaths: ["/hooks/", "/ping"],
            tokens: settings & 2 == 0 ? .never : .always)
        guard let verdict = try? CrossSiteGuard(policy).check(request) else {
            return try require(!["HEAD", "OPTIONS"].contains(request.method), "a request that changes nothing")
        }
        try require(FuzzSites.allow(verdict, for: request), "a request of another site is \(verdict)")
    }
}

/// When a verdict may be given, as the documentation says it; a second reading that knows nothing of the first.
private enum FuzzSites {
    static func allow(_ verdict: CrossSiteVerdict, for request: CrossSiteRequest) -> Bool {
        let (site, origin) = (request.fetchSite ?? "", request.origin ?? "")
        switch verdict {
        case .safe:
            guard request.isWebSocketHandshake else { return ["GET", "HEAD", "OPTIONS"].contains(request.method) }
            return ["HEAD", "OPTIONS"].contains(request.method) || Self.isSame(request)
                || (site.isEmpty && origin.isEmpty)
        case .exempt: return Self.isExempt(request.path)
        case .sameOrigin: return Self.isSame(request)
        case .trusted: return Self.normal(origin) == "https://pay.example"
        case .unproven: return site.isEmpty && origin.isEmpty
        case .opaqueOrigin: return origin == "null"
        }
    }

    private static func isSame(_ request: CrossSiteRequest) -> Bool {
        let site = request.fetchSite ?? ""
        guard site.isEmpty else { return site == "same-origin" || site == "none" }
        let origin = request.origin ?? ""
        guard let end = origin.firstRange(of: "://") else { return false }
        let scheme = origin[..<end.lowerBound].lowercased()
        guard request.scheme == nil || request.scheme == scheme else { return false }
        return Self.normal(origin) == Self.normal("\(scheme)://\(request.host ?? "")")
    }

    /// In small letters, and without the scheme's default port.
    private static func normal(_ origin: String) -> String {
        let origin = origin.lowercased()
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")]
        where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
            return String(origin.dropLast(port.count))
        }
        return origin
    }

    private static func isExempt(_ path: String) -> Bool {
        if path == "/ping" || path == "/hooks/" { return true }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.starts(with: "/hooks/".utf8) && !path.contains("%") && !path.contains("\\")
            && !path.contains("//")
            && !parts.contains("..") && !parts.contains(".")
    }
}
