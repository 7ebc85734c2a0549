// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where the request was sent, as the visitor's browser sees it. The base URL of the ``App`` decides, if there is one;
/// behind a proxy, otherwise ``ProxyFix``.
extension Request {
    /// `http` or `https` (Flask's `request.scheme`).
    public var scheme: String { self.base.scheme }

    /// Whether the visitor uses HTTPS, as far as the server knows (Flask's `request.is_secure`).
    ///
    /// A server behind a proxy knows it only through ``ProxyFix`` or a base URL.
    public var isSecure: Bool { self.base.scheme == "https" }

    /// The host, with its port unless that is the scheme's own (Flask's `request.host`). It is the host of the base
    /// URL, if there is one. Otherwise it is one of the trusted hosts, if there are any.
    public var host: String { self.base.host }

    /// The path under which the application is mounted, without a slash at its end; empty at the root (Flask's
    /// `request.root_path`).
    public var rootPath: String { self.base.prefix }
}
