// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import SessionsHummingbird

/// What the proxies in front say of a request; nil for what they do not say.
struct ForwardedRequest: Sendable, Equatable {
    /// The visitor's address; inner nil when a proxy calls it unknown, or sends text that is not an address.
    var address: String??
    /// `http` or `https`.
    var scheme: String?
    var host: HostField?
    var port: Int?
    /// A path without a slash at its end; empty at the root.
    var prefix: String?

    /// Reads the fields whose count is above 0.
    ///
    /// - Throws: The refusal of a malformed field, and of an invalid host, scheme, port or prefix.
    init(_ fields: HTTPFields, _ counts: ProxyFix) throws(RequestRefusal) {
        if counts.forwarded > 0 { try self.readForwarded(fields, counts.forwarded) }
        if let text = Self.value(of: "x-forwarded-for", in: fields, counts.xFor) {
            self.address = .some(ForwardedAddress.address(text))
        }
        if let text = Self.value(of: "x-forwarded-proto", in: fields, counts.xProto) {
            self.scheme = try Self.scheme(text)
        }
        if let text = Self.value(of: "x-forwarded-host", in: fields, counts.xHost) { self.host = try Self.host(text) }
        if let text = Self.value(of: "x-forwarded-port", in: fields, counts.xPort) {
            guard let port = HostField.port(text.utf8) else { throw .malformedForwarding }
            self.port = port
        }
        if let text = Self.value(of: "x-forwarded-prefix", in: fields, counts.xPrefix) {
            guard let prefix = BaseURL.prefix(text) else { throw .malformedForwarding }
            self.prefix = prefix
        }
    }

    /// Each element stands for one proxy. A parameter that the element lacks stays unset.
    private mutating func readForwarded(_ fields: HTTPFields, _ count: Int) throws(RequestRefusal) {
        var elements: [ForwardedElement] = []
        for line in fields.values(ofFieldNamed: "forwarded") {
            guard let list = ForwardedElement.list(line) else { throw .malformedForwarding }
            elements += list
        }
        guard elements.count >= count else { return }
        let element = elements[elements.count - count]
        if let text = element["for"] { self.address = .some(ForwardedAddress.address(text)) }
        if let text = element["proto"] { self.scheme = try Self.scheme(text) }
        if let text = element["host"] { self.host = try Self.host(text) }
    }

    /// The value that the farthest counted proxy set. Quotes have no meaning here: a quote that a visitor opens must
    /// not swallow the values that the proxies add after it.
    private static func value(of name: String, in fields: HTTPFields, _ count: Int) -> String? {
        guard count > 0 else { return nil }
        let values = fields.values(ofFieldNamed: name).flatMap { line in
            line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        guard values.count >= count else { return nil }
        let value = values[values.count - count]
        let start = value.drop { $0 == 0x20 || $0 == 0x09 }
        let end = start.lastIndex { $0 != 0x20 && $0 != 0x09 }
        // An empty value says nothing (werkzeug/middleware/proxy_fix.py).
        return end.map { String(decoding: start[...$0], as: UTF8.self) }
    }

    private static func scheme(_ text: String) throws(RequestRefusal) -> String {
        switch text.lowercased() {
        case "http", "ws": return "http"
        case "https", "wss": return "https"
        default: throw .malformedForwarding
        }
    }

    private static func host(_ text: String) throws(RequestRefusal) -> HostField {
        guard let host = HostField(text) else { throw .malformedForwarding }
        return host
    }
}
