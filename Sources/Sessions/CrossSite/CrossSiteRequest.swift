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

    /// A request; what it does not have is nil.
    public init(
        method: String, path: String, host: String?, origin: String?, fetchSite: String?, forwardedHosts: [String] = [],
        isWebSocketHandshake: Bool = false
    ) {
        self.method = method
        self.path = path
        self.host = host
        self.origin = origin
        self.fetchSite = fetchSite
        self.forwardedHosts = forwardedHosts
        self.isWebSocketHandshake = isWebSocketHandshake
    }
}
