// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The parts of a request that say where it comes from.
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
    /// Whether its `Upgrade` field asks for a WebSocket. A GET is then not harmless.
    public let isWebSocketHandshake: Bool
    /// The scheme that the visitor used, `http` or `https`, if the server knows it for certain; else nil. The `Origin`
    /// must then have the same scheme.
    public let scheme: String?

    /// A request; a field that it does not have is nil.
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
    /// Whether its browser says that another site sent it: by `Sec-Fetch-Site`, or else by an `Origin` of another site.
    var isCrossSite: Bool {
        if let site = self.fetchSite, !site.isEmpty { return site == "cross-site" }
        guard let origin = self.origin.flatMap(Origin.init) else { return false }
        // Behind a proxy, `Host` may be another name of this site.
        let hosts = ([self.host].compactMap { $0 } + self.forwardedHosts).compactMap { HostAndPort($0[...]) }
        return !hosts.isEmpty && !hosts.contains { $0.mayBeSameSite(as: origin.host) }
    }
}

extension HostAndPort {
    /// Whether two hosts end in the same two labels, as all hosts of one site do. Some hosts of different sites do so
    /// too, because the public suffixes are not known here.
    fileprivate func mayBeSameSite(as other: HostAndPort) -> Bool {
        self.hasName(of: other) || self.lastLabels == other.lastLabels
    }

    private var lastLabels: [String] {
        self.name.lowercased().split(separator: ".").suffix(2).map(String.init)
    }
}
