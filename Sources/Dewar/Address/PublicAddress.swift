// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import SessionsHummingbird

/// Where visitors reach the application: by its configuration, and otherwise by what a request says.
struct PublicAddress: Sendable {
    private let trustedHosts: TrustedHosts
    private let proxyFix: ProxyFix
    private let baseURL: BaseURL?

    /// - Throws: ``AppError`` for an invalid setting.
    init(trustedHosts: [String], proxyFix: ProxyFix?, baseURL: String?) throws(AppError) {
        self.trustedHosts = try TrustedHosts(trustedHosts)
        self.proxyFix = proxyFix ?? .off
        try self.proxyFix.validate()
        if let baseURL { self.baseURL = try BaseURL(baseURL) } else { self.baseURL = nil }
    }

    /// What URLs begin with outside of requests: the base URL, or else the server's own address.
    func base(outsideOfRequestsTo server: URLBase) -> URLBase {
        self.configured(method: "GET") ?? server
    }

    /// Where a request was sent, and by whom.
    ///
    /// - Parameters:
    ///   - request: The request as it came.
    ///   - peer: The address at the other end of the connection; nil where there is none.
    /// - Throws: The refusal of a request whose host is missing, repeated, invalid or not trusted, or whose forwarding
    ///   fields are malformed.
    func visit(_ request: HTTPRequest, from peer: SocketAddress?) throws(RequestRefusal) -> Visit {
        // The first `Host` field has become `authority`: one among the other fields is a second.
        if let name = Self.hostName, request.headerFields.contains(name) { throw .repeatedHost }
        guard let authority = request.authority else { throw .missingHost }
        guard let own = HostField(authority) else { throw .malformedHost }
        let forwarded = try ForwardedRequest(request.headerFields, self.proxyFix)
        var host = forwarded.host ?? own
        if let port = forwarded.port { host.port = port }
        guard self.trustedHosts.contains(host) else { throw .untrustedHost }
        let method = request.method.rawValue
        let base =
            self.configured(method: method)
            ?? URLBase(
                scheme: forwarded.scheme ?? request.scheme ?? "http", host: host.text, prefix: forwarded.prefix ?? "",
                method: method,
                // A request that came over TLS says so; plain HTTP may be a proxy's.
                hasCertainScheme: forwarded.scheme != nil || request.scheme == "https")
        return Visit(base: base, visitor: forwarded.address.map(VisitorAddress.forwarded) ?? .peer(peer))
    }

    /// Whether the visitor's browser reached the site over HTTPS; false for a request that is refused.
    func isSecure(_ request: HTTPRequest) -> Bool {
        // Without a proxy and a base URL there is nothing else that could say so.
        guard self.baseURL != nil || self.proxyFix != .off || request.scheme == "https" else { return false }
        return (try? self.visit(request, from: nil))?.base.scheme == "https"
    }

    private static let hostName = HTTPField.Name("Host")

    private func configured(method: String) -> URLBase? {
        self.baseURL.map { url in
            URLBase(
                scheme: url.scheme, host: url.host.text, prefix: url.prefix, method: method, hasCertainScheme: true)
        }
    }
}

/// Where a request was sent, as the visitor's browser sees it, and by whom.
struct Visit: Sendable {
    let base: URLBase
    let visitor: VisitorAddress
}

/// The address of a visitor. It becomes text when something asks for it, because few requests do.
enum VisitorAddress: Sendable {
    /// The other end of the connection; nil where there is none.
    case peer(SocketAddress?)
    /// What a proxy reports; nil when it calls the address unknown.
    case forwarded(String?)

    var text: String? {
        switch self {
        case .peer(let address): address?.ipAddress
        case .forwarded(let text): text
        }
    }
}
