// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A browser, reduced to its session cookie: it sends the last cookie that it received.
struct Visitor: Sendable {
    let sessions: SessionManager
    /// The value of its `Cookie` field; nil when it has no cookie.
    private(set) var cookie: String?

    init(_ sessions: SessionManager, cookie: String? = nil) {
        self.sessions = sessions
        self.cookie = cookie
    }

    /// Begins a request.
    func open() async throws -> Session {
        try await self.sessions.open(self.cookie.map { [$0] } ?? [])
    }

    /// Ends a request, and keeps the cookie of its response.
    @discardableResult
    mutating func commit(_ session: Session) async throws -> SessionHeaders {
        let headers = try await self.sessions.commit(session)
        self.take(headers)
        return headers
    }

    /// A whole request.
    @discardableResult
    mutating func visit(_ body: (Session) -> Void = { _ in }) async throws -> SessionHeaders {
        let session = try await self.open()
        body(session)
        return try await self.commit(session)
    }

    /// The value that a request finds under a key, without ending the request.
    func look(_ key: String) async throws -> SessionValue? {
        try await self.open()[key]
    }

    mutating func take(_ headers: SessionHeaders) {
        guard let line = headers.setCookie else { return }
        let pair = line.prefix { $0 != ";" }
        self.cookie = pair.hasSuffix("=") ? nil : String(pair)
    }
}
