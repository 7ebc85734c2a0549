// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions

/// A browser on a ``StoreSite``: it sends the cookie that it was sent last, and what is logged is kept.
struct SiteVisitor: Sendable {
    let sessions: SessionManager
    /// What it sends in its `Cookie` field; nil when it has no cookie.
    private(set) var cookie: String?
    let logger: Logger

    func open() async throws -> Session {
        try await self.sessions.open(self.cookie.map { [$0] } ?? [], logger: self.logger)
    }

    @discardableResult
    mutating func commit(_ session: Session) async throws -> SessionHeaders {
        let headers = try await self.sessions.commit(session, logger: self.logger)
        if let pair = headers.setCookie?.prefix(while: { $0 != ";" }) {
            self.cookie = pair.hasSuffix("=") ? nil : String(pair)
        }
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

    init(_ sessions: SessionManager, cookie: String?, logger: Logger) {
        self.sessions = sessions
        self.cookie = cookie
        self.logger = logger
    }
}
