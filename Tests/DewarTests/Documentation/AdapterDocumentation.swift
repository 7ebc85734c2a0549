// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// README: with any other server.
struct ServerRequest: Sendable {
    var headers: [(name: String, value: String)] = []
}

struct ServerResponse: Sendable {
    var status = 200
    var headers: [(name: String, value: String)] = []
    var body = ""
}

struct SessionAdapter: Sendable {
    let sessions: SessionManager

    func respond(
        to request: ServerRequest, handler: (ServerRequest, Session) async throws -> ServerResponse
    ) async throws -> ServerResponse {
        let cookies = request.headers.filter { $0.name.lowercased() == "cookie" }.map(\.value)
        let session = try await self.sessions.open(cookies)
        var response: ServerResponse
        do {
            response = try await handler(request, session)
        } catch {
            // What the handler did to the session until then is kept.
            response = ServerResponse(status: 500)
        }
        do {
            self.add(try await self.sessions.commit(session), to: &response)
        } catch {
            response = ServerResponse(status: 500)
            self.add(self.sessions.headersAfterFailure(of: session), to: &response)
        }
        return response
    }

    private func add(_ headers: SessionHeaders, to response: inout ServerResponse) {
        if let cookie = headers.setCookie { response.headers.append(("Set-Cookie", cookie)) }
        if headers.variesOnCookie {
            let present = response.headers.filter { $0.name.lowercased() == "vary" }.map(\.value)
            response.headers.removeAll { $0.name.lowercased() == "vary" }
            response.headers.append(("Vary", headers.vary(addedTo: present)))
        }
        let hasItsOwn = response.headers.contains { $0.name.lowercased() == "cache-control" }
        if headers.forbidsCaching || (headers.isForUser && !hasItsOwn) {
            response.headers.removeAll { $0.name.lowercased() == "cache-control" }
            response.headers.append(("Cache-Control", "no-store"))
        }
    }
}
