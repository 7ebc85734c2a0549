// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How many proxies stand between the visitor and the application, for each of the fields in which proxies say what the
/// visitor asked for (Werkzeug's `ProxyFix`).
///
/// ```swift
/// let app = App(secretKey: key, proxyFix: ProxyFix(xFor: 1, xProto: 1, xHost: 1))
/// ```
///
/// Each proxy adds its value at the end of a field, and a visitor can put anything before it. So the values are counted
/// from the right: with 2, the last but one is used. A field with fewer values than its count is ignored, and so is a
/// field whose count is 0.
///
/// The values apply to `url(for:)`, redirects, ``Request/isSecure``, ``Request/host``, ``Request/remoteAddress``, the
/// trusted hosts, and the check for requests from other sites.
///
/// > Warning: Count only proxies of your own that set the field. With a number too large, the visitor sets the value.
///
/// An invalid host, scheme, port or prefix is answered with 400. With an invalid address, ``Request/remoteAddress`` is
/// nil.
public struct ProxyFix: Sendable, Hashable {
    /// Values of `X-Forwarded-For`: the visitor's address.
    public var xFor: Int
    /// Values of `X-Forwarded-Proto`: `http` or `https`; `ws` and `wss` count as these.
    public var xProto: Int
    /// Values of `X-Forwarded-Host`: the host, with its port.
    public var xHost: Int
    /// Values of `X-Forwarded-Port`: the port, which replaces the host's own.
    public var xPort: Int
    /// Values of `X-Forwarded-Prefix`: the path under which the proxy has mounted the application, and which it removes
    /// before it passes a request on.
    public var xPrefix: Int
    /// Elements of `Forwarded` (RFC 7239), which has address, scheme and host in one field.
    public var forwarded: Int

    /// Proxies that set `X-Forwarded-…`; the default counts are Werkzeug's.
    public init(xFor: Int = 1, xProto: Int = 1, xHost: Int = 0, xPort: Int = 0, xPrefix: Int = 0) {
        self.xFor = xFor
        self.xProto = xProto
        self.xHost = xHost
        self.xPort = xPort
        self.xPrefix = xPrefix
        self.forwarded = 0
    }

    /// Proxies that set `Forwarded` (RFC 7239). `Forwarded` has no prefix; a proxy may send `X-Forwarded-Prefix` beside
    /// it.
    public init(forwarded: Int, xPrefix: Int = 0) {
        self.init(xFor: 0, xProto: 0, xPrefix: xPrefix)
        self.forwarded = forwarded
    }

    /// No field is read.
    static let off = ProxyFix(forwarded: 0)

    /// - Throws: ``AppError`` for a count below 0, and for both kinds of fields at once.
    func validate() throws(AppError) {
        let counts = [self.xFor, self.xProto, self.xHost, self.xPort]
        guard (counts + [self.xPrefix, self.forwarded]).allSatisfy({ $0 >= 0 }) else {
            throw AppError(.invalidConfiguration, "A count of proxies is below 0; 0 is for a field that is not read.")
        }
        guard self.forwarded == 0 || counts.allSatisfy({ $0 == 0 }) else {
            throw AppError(
                .invalidConfiguration,
                "Both Forwarded and X-Forwarded fields are to be read; count the kind that the proxy sets, and not both."
            )
        }
    }
}
