// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HummingbirdCore
package import Logging
import ServiceLifecycle

/// What the server's connections run over: plain TCP, or what another module puts around it.
package struct ServerTransport: Sendable {
    package typealias Around = @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder
    /// Makes of a connection that speaks HTTP/1 one that may speak another protocol too.
    package typealias Channels = @Sendable (AppChannel) -> any ServerChildChannel
    package typealias Work = @Sendable (Logger) async -> Void

    /// What URLs begin with: `http` or `https`.
    let scheme: String
    /// Puts the transport around a server of plain connections. Its handlers stand nearer to the network than those that
    /// enforce the limits, which see HTTP.
    let around: Around
    /// What the connections speak.
    let channel: Channels
    /// What the transport does while the server runs, until its task is cancelled.
    private let work: Work?

    static let plain = ServerTransport(scheme: "http", around: { $0 }, channel: { $0 }, work: nil)

    /// A transport that visitors and the application can tell from plain HTTP.
    ///
    /// - Parameters:
    ///   - around: Puts the transport around a server of plain connections.
    ///   - channel: What the connections speak, which is HTTP/1 unless it says otherwise.
    ///   - work: What it does while the server runs, until its task is cancelled.
    package static func secure(
        _ around: @escaping Around, speaking channel: @escaping Channels = { $0 }, beside work: @escaping Work
    ) -> ServerTransport {
        ServerTransport(scheme: "https", around: around, channel: channel, work: work)
    }

    private init(scheme: String, around: @escaping Around, channel: @escaping Channels, work: Work?) {
        self.scheme = scheme
        self.around = around
        self.channel = channel
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
