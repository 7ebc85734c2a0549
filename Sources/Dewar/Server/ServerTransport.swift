// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HummingbirdCore
package import Logging
import ServiceLifecycle

/// What the server's connections run over: plain TCP, or what another module puts around it.
package struct ServerTransport: Sendable {
    package typealias Around = @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder
    package typealias Work = @Sendable (Logger) async -> Void

    /// What URLs begin with: `http` or `https`.
    let scheme: String
    /// Puts the transport around a server of plain connections. Its handlers stand nearer to the network than those that
    /// enforce the limits, which see HTTP.
    let around: Around
    /// What the transport does while the server runs, until its task is cancelled.
    private let work: Work?

    static let plain = ServerTransport(scheme: "http", around: { $0 }, work: nil)

    /// A transport that visitors and the application can tell from plain HTTP.
    ///
    /// - Parameters:
    ///   - around: Puts the transport around a server of plain connections.
    ///   - work: What it does while the server runs, until its task is cancelled.
    package static func secure(_ around: @escaping Around, beside work: @escaping Work) -> ServerTransport {
        ServerTransport(scheme: "https", around: around, work: work)
    }

    private init(scheme: String, around: @escaping Around, work: Work?) {
        self.scheme = scheme
        self.around = around
        self.work = work
    }

    /// The transport's work, as services that stop with the server.
    func services(logger: Logger) -> [any Service] {
        self.work.map { [TransportService(work: $0, logger: logger)] } ?? []
    }
}

private struct TransportService: Service {
    let work: ServerTransport.Work
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown { await self.work(self.logger) }
    }
}
