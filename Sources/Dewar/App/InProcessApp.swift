// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import HummingbirdCore
import Logging
import NIOCore
package import Sessions

/// An application without a server, for a test client to call.
package struct InProcessApp: Sendable {
    /// The sessions of the application.
    package let sessions: SessionManager
    private let responder: AppResponder
    private let backgroundWork: BackgroundWork
    private let logger: Logger

    /// - Throws: What ``App/serve(host:port:)`` throws for mistakes in the application.
    package init(_ app: App) throws {
        // A test client is on this machine.
        self.responder = try app.responder(development: DevelopmentMode(isOn: app.debug && !app.isBehindProxy))
        self.backgroundWork = app.backgroundWork
        self.backgroundWork.begin(limit: app.serverLimits.maximumBackgroundWork)
        self.sessions = try app.sessionManager()
        self.logger = app.logger
    }

    /// Answers a request as a server would answer a browser on the same machine.
    package func respond(to head: HTTPRequest, body: [UInt8]) async throws -> HummingbirdCore.Response {
        try await self.responder.respond(
            to: HummingbirdCore.Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body))),
            context: AppRequestContext(
                logger: self.logger, remoteAddress: try SocketAddress(ipAddress: "127.0.0.1", port: 0)))
    }

    /// Returns when no work of the application is left in the background.
    package func finishBackgroundWork() async {
        await self.backgroundWork.untilIdle()
    }
}
