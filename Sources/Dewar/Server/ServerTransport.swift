// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HummingbirdCore

/// What the server's connections run over: plain TCP, or what another module puts around it.
package struct ServerTransport: Sendable {
    /// What URLs begin with: `http` or `https`.
    let scheme: String
    /// Puts the transport around a server of plain connections. Its handlers stand nearer to the network than those that
    /// enforce the limits, which see HTTP.
    let around: @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder

    static let plain = ServerTransport(scheme: "http") { $0 }

    /// A transport that visitors and the application can tell from plain HTTP.
    package static func secure(
        _ around: @escaping @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder
    ) -> ServerTransport {
        ServerTransport(scheme: "https", around: around)
    }

    private init(scheme: String, around: @escaping @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder) {
        self.scheme = scheme
        self.around = around
    }
}
