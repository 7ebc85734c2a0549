// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Logging
package import Sessions

/// A browser of a site: it sends the cookie that it was sent last, and what is logged is kept.
package struct SiteVisitor: Sendable {
    package let sessions: SessionManager
    /// What it sends in its `Cookie` field; nil when it has no cookie.
    package private(set) var cookie: String?
    package let logger: Logger

    package func open() async throws -> Session {
        try await self.sessions.open(self.cookie.map { [$0] } ?? [], logger: self.logger)
    }

    @discardableResult
    package mutating func commit(_ session: Session) async throws -> SessionHeaders {
        let headers = try await self.sessions.commit(session, logger: self.logger)
        if let pair = headers.setCookie?.prefix(while: { $0 != ";" }) {
            self.cookie = pair.hasSuffix("=") ? nil : String(pair)
        }
        return headers
    }

    /// A whole request.
    @discardableResult
    package mutating func visit(_ body: (Session) -> Void = { _ in }) async throws -> SessionHeaders {
        let session = try await self.open()
        body(session)
        return try await self.commit(session)
    }

    /// The value that a request finds under a key, without ending the request.
    package func look(_ key: String) async throws -> SessionValue? {
        try await self.open()[key]
    }

    package init(_ sessions: SessionManager, cookie: String?, logger: Logger) {
        self.sessions = sessions
        self.cookie = cookie
        self.logger = logger
    }
}
