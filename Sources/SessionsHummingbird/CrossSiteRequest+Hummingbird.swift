// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Hummingbird
package import Sessions

extension CrossSiteRequest {
    /// The parts of a request that tell which site it comes from.
    package init(_ request: Request) {
        self.init(request, host: request.head.authority, scheme: nil)
    }

    /// The same, for a server that knows which host and scheme the visitor asked for.
    package init(_ request: Request, host: String?, scheme: String?) {
        let target = request.head.path ?? "/"
        self.init(
            method: request.method.rawValue, path: String(target.prefix { $0 != "?" }), host: host,
            origin: request.headers[values: .origin].first,
            fetchSite: request.headers.values(ofFieldNamed: "sec-fetch-site").first,
            forwardedHosts: request.headers.values(ofFieldNamed: "x-forwarded-host"),
            isWebSocketHandshake: request.headers[values: .upgrade].contains(where: Self.namesWebSocket), scheme: scheme
        )
    }

    /// Whether an `Upgrade` field, a list of protocols in any letter case, names WebSocket (RFC 6455, section 4.1).
    private static func namesWebSocket(_ field: String) -> Bool {
        field.split(whereSeparator: { ", \t".contains($0) }).contains { $0.lowercased() == "websocket" }
    }
}

extension HTTPFields {
    /// The values of a field for which HTTPTypes has no name; `name` is in lower case.
    package func values(ofFieldNamed name: String) -> [String] {
        self.filter { $0.name.canonicalName == name }.map(\.value)
    }

    /// The CSRF token that a script sent in a header; nil for none.
    package var crossSiteToken: String? {
        self.values(ofFieldNamed: "x-csrf-token").first
    }
}
