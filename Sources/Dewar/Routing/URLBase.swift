// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Where an application is reached: the part of its URLs that comes from the request or the configuration.
package struct URLBase: Sendable {
    /// `http` or `https`.
    let scheme: String

    /// Host, with a port unless it is the scheme's default; lower case and ASCII.
    let host: String

    /// The path under which the application is mounted, without a slash at its end; empty at the root.
    let prefix: String

    /// The method of the current request. Of several rules with one name, those that answer this method are preferred.
    let method: String

    /// Whether the visitor is known to use the scheme, because a counted proxy or the configuration names it. The
    /// connection itself does not show the scheme in front of a proxy.
    let hasCertainScheme: Bool

    /// Takes the host as the `Host` header has it; a name that cannot be made ASCII stays as it is.
    package init(
        scheme: String, host: String, prefix: String = "", method: String = "GET", hasCertainScheme: Bool = false
    ) {
        self.scheme = scheme
        self.host = Self.normalized(host, scheme)
        let end = prefix.utf8.lastIndex { $0 != UInt8(ascii: "/") }
        self.prefix = end.map { String(decoding: prefix.utf8[...$0], as: UTF8.self) } ?? ""
        self.method = method
        self.hasCertainScheme = hasCertainScheme
    }

    /// Drops the default port as text, as Werkzeug does (werkzeug/sansio/utils.py:144).
    private static func normalized(_ host: String, _ scheme: String) -> String {
        var bytes = host.lowercased().utf8[...]
        if let defaultPort = Self.defaultPort(of: scheme)?.utf8,
            bytes.suffix(defaultPort.count).elementsEqual(defaultPort)
        {
            bytes.removeLast(defaultPort.count)
        }
        guard bytes.contains(where: { $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
        let port = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let name = String(decoding: bytes[..<port], as: UTF8.self)
        return (DomainName.ascii(name) ?? name) + String(decoding: bytes[port...], as: UTF8.self)
    }

    private static func defaultPort(of scheme: String) -> String? {
        switch scheme {
        case "http", "ws": ":80"
        case "https", "wss": ":443"
        default: nil
        }
    }
}
