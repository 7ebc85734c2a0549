// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where the request was sent, as the visitor's browser sees it: behind a proxy as ``ProxyFix`` says, or as the base
/// URL of the ``App`` does.
extension Request {
    /// `http` or `https` (Flask's `request.scheme`).
    public var scheme: String { self.base.scheme }

    /// Whether the visitor speaks HTTPS, as far as it is known (Flask's `request.is_secure`).
    ///
    /// A server behind a proxy knows it only when it has been told how to: by ``ProxyFix``, or by a base URL.
    public var isSecure: Bool { self.base.scheme == "https" }

    /// The host, with its port unless that is the scheme's own (Flask's `request.host`). It is one of the trusted
    /// hosts, where there are any.
    public var host: String { self.base.host }

    /// The path under which the application is mounted, without a slash at its end; empty at the root (Flask's
    /// `request.root_path`).
    public var rootPath: String { self.base.prefix }
}
