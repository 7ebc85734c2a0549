// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import SessionsHTTP

/// Comments of SessionsHTTP: a server on swift-http-types.
func sourcesHTTPDocumentation(
    sessions: SessionManager, handle: @escaping (HTTPRequest, SessionExchange) async throws -> (HTTPResponse, String)
) -> (HTTPRequest) async -> (HTTPResponse, String) {
    func answer(_ request: HTTPRequest) async -> (HTTPResponse, String) {
        let exchange = SessionExchange(sessions, request)
        var response: HTTPResponse
        var body: String
        do {
            (response, body) = try await handle(request, exchange)
        } catch {
            (response, body) = (HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError), "")
        }
        if await !exchange.finish(&response) { body = "" }
        return (response, body)
    }
    return answer
}

/// The fields of a response.
func sourcesHTTPFieldsDocumentation(
    sessions: SessionManager, session: Session, response: inout HTTPResponse
) async throws {
    let headers = try await sessions.commit(session)
    headers.apply(to: &response.headerFields)
    SecurityHeaders().add(to: &response.headerFields, isSecure: true, status: response.status)
}

/// What follows a sign-out.
func sourcesHTTPSignOutDocumentation(exchange: SessionExchange, response: inout HTTPResponse) async throws {
    try await exchange.session.signOut()
    response.headerFields.clearSiteData()
}

/// The check of a request from another site, and the answer to what a session throws.
func sourcesHTTPErrorDocumentation(request: HTTPRequest) -> HTTPResponse {
    do {
        let verdict = try CrossSiteGuard(CrossSitePolicy()).check(CrossSiteRequest(request))
        _ = verdict
        return HTTPResponse(status: .ok)
    } catch {
        let response = HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError)
        return response
    }
}
