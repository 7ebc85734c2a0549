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
    private let logger: Logger

    /// - Throws: What ``App/serve(host:port:)`` throws for mistakes in the application.
    package init(_ app: App) throws {
        self.responder = try app.responder()
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
}
