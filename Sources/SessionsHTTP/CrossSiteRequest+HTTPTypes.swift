// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

extension CrossSiteRequest {
    /// The parts of a request that tell which site it comes from.
    ///
    /// ```swift
    /// let verdict = try CrossSiteGuard(CrossSitePolicy()).check(CrossSiteRequest(request))
    /// ```
    public init(_ request: HTTPRequest) {
        self.init(request, host: request.authority, scheme: nil)
    }

    /// The same, for a server that knows which host and scheme the visitor asked for.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - host: The host, with a port if there was one.
    ///   - scheme: `http` or `https`; nil if the server does not know it for certain.
    public init(_ request: HTTPRequest, host: String?, scheme: String?) {
        let target = request.path ?? "/"
        // By bytes: a sign beyond ASCII may make one character of itself and the question mark before it.
        let path = String(Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }))
        self.init(
            method: request.method.rawValue, path: path, host: host,
            origin: request.headerFields[values: .origin].first,
            fetchSite: request.headerFields.values(ofFieldNamed: "sec-fetch-site").first,
            forwardedHosts: request.headerFields.values(ofFieldNamed: "x-forwarded-host"),
            isWebSocketHandshake: request.headerFields[values: .upgrade].contains(where: Self.namesWebSocket),
            scheme: scheme)
    }

    /// Whether an `Upgrade` field, a list of protocols in any letter case, names WebSocket (RFC 6455, section 4.1).
    private static func namesWebSocket(_ field: String) -> Bool {
        field.split(whereSeparator: { ", \t".contains($0) }).contains { $0.lowercased() == "websocket" }
    }
}
