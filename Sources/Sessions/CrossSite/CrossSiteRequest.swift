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
