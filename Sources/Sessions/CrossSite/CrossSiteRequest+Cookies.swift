// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension CrossSiteRequest {
    /// Whether a browser may have kept a cookie with this SameSite back from the request, because another site sent it.
    ///
    /// With Lax that is a request with an unsafe method, with Strict every one (RFC 6265bis, section 5.6.7). A cookie
    /// without the attribute is Lax in some browsers.
    func mayHideCookie(_ sameSite: SameSite?) -> Bool {
        switch sameSite {
        case SameSite.none?: return false
        case .strict?: return self.isCrossSite
        case .lax?, nil: return !["GET", "HEAD", "OPTIONS"].contains(self.method) && self.isCrossSite
        }
    }

    /// Whether a browser says that another site sent it: `Sec-Fetch-Site`, or else an `Origin` of another site.
    private var isCrossSite: Bool {
        if let site = self.fetchSite, !site.isEmpty { return site == "cross-site" }
        guard let origin = self.origin.flatMap(Origin.init) else { return false }
        // Behind a proxy `Host` may be another name of the site.
        let hosts = ([self.host].compactMap { $0 } + self.forwardedHosts).compactMap { HostAndPort($0[...]) }
        return !hosts.isEmpty && !hosts.contains { $0.mayBeSameSite(as: origin.host) }
    }
}

extension HostAndPort {
    /// Whether two hosts end in the same two labels, as all hosts of one site do. Some of two sites do so too: which
    /// names are public suffixes is not known here.
    fileprivate func mayBeSameSite(as other: HostAndPort) -> Bool {
        self.hasName(of: other) || self.lastLabels == other.lastLabels
    }

    private var lastLabels: [String] {
        self.name.lowercased().split(separator: ".").suffix(2).map(String.init)
    }
}
