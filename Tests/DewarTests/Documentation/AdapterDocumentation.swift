// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import SessionsHTTP

/// README: docs/SERVERS.md, any other server.
struct Site: Sendable {
    let sessions: SessionManager

    func answer(_ request: HTTPRequest) async -> (HTTPResponse, String) {
        let exchange = SessionExchange(self.sessions, request)
        var response: HTTPResponse
        var body: String
        do {
            (response, body) = try await self.handle(request, exchange)
        } catch {
            (response, body) = (HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError), "")
        }
        if await !exchange.finish(&response) { body = "" }
        return (response, body)
    }

    private func handle(
        _ request: HTTPRequest, _ exchange: SessionExchange
    ) async throws -> (HTTPResponse, String) {
        let count = try await exchange.session.update("count", default: 0) { $0 += 1 }
        return (HTTPResponse(status: .ok), "You were here \(count) times.")
    }
}
