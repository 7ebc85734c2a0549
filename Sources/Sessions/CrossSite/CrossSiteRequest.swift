// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What of a request says where it comes from.
public struct CrossSiteRequest: Sendable, Hashable {
    /// The method, as it was sent.
    public let method: String
    /// The path, as it was sent and without the query.
    public let path: String
    /// The `Host` field, or `:authority`.
    public let host: String?
    /// The first `Origin` field.
    public let origin: String?
    /// The first `Sec-Fetch-Site` field.
    public let fetchSite: String?
    /// The `X-Forwarded-Host` fields; read where ``CrossSitePolicy/trustsForwardedHost`` is set.
    public let forwardedHosts: [String]
    /// Whether its `Upgrade` field asks for a WebSocket, with which a GET is no harmless request.
    public let isWebSocketHandshake: Bool
    /// The scheme that the visitor used, `http` or `https`, where the server is sure of it; nil otherwise. The `Origin`
    /// must then have it too.
    public let scheme: String?

    /// A request; what it does not have is nil.
    public init(
        method: String, path: String, host: String?, origin: String?, fetchSite: String?, forwardedHosts: [String] = [],
        isWebSocketHandshake: Bool = false, scheme: String? = nil
    ) {
        self.method = method
        self.path = path
        self.host = host
        self.origin = origin
        self.fetchSite = fetchSite
        self.forwardedHosts = forwardedHosts
        self.isWebSocketHandshake = isWebSocketHandshake
        self.scheme = scheme
    }
}

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
