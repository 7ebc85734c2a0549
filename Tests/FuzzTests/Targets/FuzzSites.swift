// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Whether a request must be let through, and why, as the documentation says it: a second reading, which knows nothing of
/// the server's own, and compares origins as text in their one spelling.
struct FuzzSites {
    /// Nil when the request must be refused.
    let verdict: CrossSiteVerdict?
    /// Why it must be refused; nil when it must not.
    let refusal: CrossSiteRefusal.Kind?
    private let tokens: CrossSiteTokenRule

    init(policy: CrossSitePolicy, request: CrossSiteRequest) {
        self.tokens = policy.tokens
        self.verdict = Self.verdict(policy, request)
        let reason: CrossSiteRefusal.Kind = (request.fetchSite ?? "").isEmpty ? .origin : .fetchSite
        self.refusal = self.verdict == nil ? reason : nil
    }

    /// The verdict in words.
    var says: String { self.verdict.map { "\($0)" } ?? "refused" }

    /// Whether the verdict may make the request need a token of its session.
    var mayDemandToken: Bool {
        switch self.verdict {
        case .opaqueOrigin: true
        case .sameOrigin: self.tokens == .always
        case .unproven: self.tokens != .never
        case .safe, .exempt, .trusted, nil: false
        }
    }

    private static func verdict(_ policy: CrossSitePolicy, _ request: CrossSiteRequest) -> CrossSiteVerdict? {
        let (site, origin) = (request.fetchSite ?? "", request.origin ?? "")
        let isHandshake = request.isWebSocketHandshake
        if ["HEAD", "OPTIONS"].contains(request.method) || (request.method == "GET" && !isHandshake) { return .safe }
        if Self.isExempt(request.path) { return .exempt }
        let isOwn = site.isEmpty ? Self.isOwn(policy, request) : ["same-origin", "none"].contains(site)
        if isOwn { return isHandshake ? .safe : .sameOrigin }
        if site.isEmpty, origin.isEmpty { return isHandshake ? .safe : .unproven }
        if let origin = FuzzOrigin(origin), policy.trustedOrigins.contains(origin.text) { return .trusted }
        let hasToken = policy.tokens != .never && !isHandshake
        return site.isEmpty && origin == "null" && hasToken ? .opaqueOrigin : nil
    }

    /// Whether the origin is the host that the visitor asked for.
    private static func isOwn(_ policy: CrossSitePolicy, _ request: CrossSiteRequest) -> Bool {
        guard let origin = FuzzOrigin(request.origin ?? "") else { return false }
        guard request.scheme == nil || request.scheme == origin.scheme else { return false }
        var hosts = [request.host ?? ""]
        if policy.trustsForwardedHost, !request.forwardedHosts.isEmpty { hosts = request.forwardedHosts }
        // Of several, the one that counts is unknown.
        return hosts.count == 1 && FuzzOrigin("\(origin.scheme)://\(hosts[0])")?.text == origin.text
    }

    /// The paths of the target's own policy.
    private static func isExempt(_ path: String) -> Bool {
        let bytes = Array(path.utf8)
        if bytes == Array("/ping".utf8) || bytes == Array("/hooks/".utf8) { return true }
        guard bytes.starts(with: "/hooks/".utf8), !bytes.contains(where: { "%\\".utf8.contains($0) }) else {
            return false
        }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0).text }
        // Before the first slash there is nothing, and behind the last one there may be.
        return !parts.dropFirst().dropLast().contains("") && !parts.contains(".") && !parts.contains("..")
    }
}

/// An origin in the one spelling that a browser gives it: in small letters, and without its scheme's own port.
private struct FuzzOrigin {
    let scheme: String
    let text: String

    private static let letters = "abcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"

    /// Nil for a text that is no origin.
    init?(_ text: String) {
        // Beyond ASCII there are letters that become one of ASCII when they are small.
        guard text.utf8.allSatisfy({ $0 < 0x80 }), let slashes = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<slashes.lowerBound].lowercased()
        let rest = text[slashes.upperBound...].lowercased()
        guard let first = scheme.first, Self.letters.contains(first),
            scheme.allSatisfy({ (Self.letters + Self.digits + "+-.").contains($0) }), let name = Self.name(in: rest)
        else { return nil }
        var port = String(rest.dropFirst(name.count))
        if !port.isEmpty {
            let digits = port.dropFirst()
            guard port.first == ":", (1...5).contains(digits.count), digits.first != "0",
                digits.allSatisfy({ Self.digits.contains($0) })
            else { return nil }
        }
        if (scheme == "http" && port == ":80") || (scheme == "https" && port == ":443") { port = "" }
        self.scheme = scheme
        self.text = "\(scheme)://\(name)\(port)"
    }

    /// What a host begins with: a name, or an address in brackets.
    private static func name(in host: String) -> String? {
        guard host.first == "[" else {
            let name = host.prefix { $0 != ":" }
            let isName = !name.isEmpty && name.allSatisfy { (Self.letters + Self.digits + "-._~").contains($0) }
            return isName ? String(name) : nil
        }
        guard let bracket = host.firstIndex(of: "]") else { return nil }
        let address = host[..<bracket].dropFirst()
        let isAddress = !address.isEmpty && address.allSatisfy { "0123456789abcdef:.".contains($0) }
        return isAddress ? String(host[...bracket]) : nil
    }
}
