// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import SessionsHTTP

@testable import Dewar
@testable import DewarTLS

extension FuzzTarget {
    /// The first byte says what the settings are. Of the lines behind it the first is the target, the second the host,
    /// and each other one a field, whose name its first byte chooses.
    static let forwarded = FuzzTarget("forwarded", "where a request was sent, as its host and its proxies say") {
        input in
        let (settings, rest) = input.choice(of: 8)
        let lines = rest.lines(atMost: 12)
        let request = FuzzProxies.request(lines)
        try Self.requireSound(AbsoluteTarget(lines[0].text))
        try Self.requireSound(request.arrivedOverHTTP2())
        let proxies = FuzzProxies(sendForwarded: settings & 1 != 0, appendToLine: settings & 2 != 0)
        let isTrusting = settings & 4 != 0
        let address = try PublicAddress(
            trustedHosts: isTrusting ? [".shop.example"] : [], proxyFix: proxies.counts, baseURL: nil)
        if let visit = try? address.visit(request, from: nil) { try Self.requireSound(visit, isTrusting) }
        let visit: Visit
        do throws(RequestRefusal) {
            visit = try address.visit(proxies.adding(to: request), from: nil)
        } catch {
            return try proxies.requireFaultOfVisitor(error)
        }
        try proxies.requireOwn(visit)
    }

    private static func requireSound(_ visit: Visit, _ isTrusting: Bool) throws {
        guard let host = HostField(visit.base.host) else { throw Violation(description: "the host of a link is none") }
        try require(host.text == visit.base.host, "written again, the host is another")
        try require(["http", "https"].contains(visit.base.scheme), "another scheme")
        try require(
            !isTrusting || host.name == "shop.example" || host.name.hasSuffix(".shop.example"),
            "a host of another site")
        let prefix = visit.base.prefix
        try require(prefix.isEmpty || LocalPath.accepts(prefix), "the path leads to another site")
        guard let address = visit.visitor.text else { return }
        try require(
            (try? SocketAddress(ipAddress: address, port: 0))?.ipAddress == address, "an address in another spelling")
    }

    private static func requireSound(_ target: AbsoluteTarget?) throws {
        guard let target else { return }
        try require(target.path.utf8.first == UInt8(ascii: "/"), "a target's path is none")
        try require(AbsoluteTarget("HTTPS://\(target.authority)\(target.path)") == target, "another target")
    }

    private static func requireSound(_ head: HTTPRequest?) throws {
        guard let head else { return }
        try require(head.scheme == "https", "a request over TLS is said to be none")
        try require(head.headerFields.values(ofFieldNamed: "host").isEmpty, "two names of the host")
        try require(
            head.path.map { $0.utf8.first == UInt8(ascii: "/") || $0 == "*" } ?? true, "a target that is no path")
    }
}

/// The fields of the site's own proxy, which are behind those of the visitor, or in the same line.
private struct FuzzProxies {
    let sendForwarded: Bool
    let appendToLine: Bool

    private static let names = [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix",
        "Forwarded", "Host", "Accept",
    ]

    static func request(_ lines: [[UInt8]]) -> HTTPRequest {
        var request = HTTPRequest(
            method: .get, scheme: nil, authority: lines.count > 1 ? lines[1].text : nil, path: lines[0].text)
        for line in lines.dropFirst(2) {
            let (way, value) = line.choice(of: Self.names.count)
            guard let name = HTTPField.Name(Self.names[way]) else { continue }
            request.headerFields.append(HTTPField(name: name, value: value.text))
        }
        return request
    }

    var counts: ProxyFix {
        self.sendForwarded
            ? ProxyFix(forwarded: 1, xPrefix: 1) : ProxyFix(xFor: 1, xProto: 1, xHost: 1, xPort: 1, xPrefix: 1)
    }

    private var own: [(name: String, value: String)] {
        let elements =
            self.sendForwarded
            ? [("Forwarded", "for=192.0.2.1;proto=https;host=\"shop.example:8443\"")]
            : [
                ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example"),
                ("X-Forwarded-Port", "8443"),
            ]
        return elements + [("X-Forwarded-Prefix", "/app")]
    }

    func adding(to request: HTTPRequest) -> HTTPRequest {
        var request = request
        for (text, value) in self.own {
            guard let name = HTTPField.Name(text) else { continue }
            var values = request.headerFields[values: name]
            if self.appendToLine, let last = values.popLast() {
                values.append("\(last), \(value)")
            } else {
                values.append(value)
            }
            request.headerFields[values: name] = values
        }
        return request
    }

    /// The proxy counts, whatever the visitor wrote before it.
    func requireOwn(_ visit: Visit) throws {
        let base = visit.base
        let isOwn =
            base.scheme == "https" && base.host == "shop.example:8443" && base.prefix == "/app"
            && visit.visitor.text == "192.0.2.1"
        try require(isOwn, "what the visitor wrote counts, and not what the proxy did")
    }

    /// A visitor's own host may be refused, and a `Forwarded` field that the visitor made malformed; what the proxy says
    /// may not.
    func requireFaultOfVisitor(_ refusal: RequestRefusal) throws {
        switch refusal {
        case .missingHost, .malformedHost, .repeatedHost: return
        case .malformedForwarding: try require(self.sendForwarded, "what the visitor wrote is refused as the proxy's")
        case .untrustedHost: throw Violation(description: "the host that the proxy names is refused")
        }
    }
}
