// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    /// The first byte says what the server knows and which rules it has; then a line each: the method, the path, the
    /// host, the origin, what the browser says of the site, and the hosts that proxies name, with commas.
    static let crossSite = FuzzTarget("cross-site", "the fields that tell which site a request comes from") { input in
        let (settings, rest) = input.choice(of: 48)
        let lines = rest.lines(atMost: 6).map(\.text) + [String](repeating: "", count: 6)
        let request = CrossSiteRequest(
            method: lines[0], path: lines[1], host: lines[2], origin: lines[3], fetchSite: lines[4],
            forwardedHosts: lines[5].split(separator: ",").map(String.init),
            isWebSocketHandshake: settings & 1 != 0, scheme: [nil, "http", "https"][settings % 12 / 4])
        let rules: [[CrossSiteTokenRule]] = [[.never, .always], [.onceIssued, .withoutProof]]
        let policy = CrossSitePolicy(
            trustedOrigins: ["https://pay.example", "http://[::1]:3000"], exemptPaths: ["/hooks/", "/ping"],
            tokens: rules[settings / 24][settings / 2 % 2], trustsForwardedHost: settings / 12 % 2 != 0)
        let guardian = try CrossSiteGuard(policy)
        let sites = FuzzSites(policy: policy, request: request)
        let verdict: CrossSiteVerdict
        do throws(CrossSiteRefusal) {
            verdict = try guardian.check(request)
        } catch {
            return try require(error.kind == sites.refusal, "a request is refused by \(error.kind)")
        }
        try require(verdict == sites.verdict, "a request is \(verdict), and not \(sites.says)")
        try require(
            guardian.mayDemandToken(after: verdict) == sites.mayDemandToken, "the token is demanded by another rule")
    }
}
