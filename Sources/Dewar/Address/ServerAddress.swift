// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The host and the port that a server listens on: Flask's defaults unless said otherwise.
///
/// ```swift
/// let app = App(secretKey: key, address: ServerAddress(host: "0.0.0.0", port: 8080))
/// ```
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The name or number of the host; `0.0.0.0` for every network the machine is on.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int

    /// An address.
    public init(host: String = "127.0.0.1", port: Int = 5000) {
        self.host = host
        self.port = port
    }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String {
        self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// What URLs begin with when there is neither a request nor a base URL.
    func urlBase(scheme: String) -> URLBase { URLBase(scheme: scheme, host: self.description) }
}
