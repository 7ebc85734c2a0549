// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import HTTPTypes
import SessionsPages
import SessionsTesting
import Synchronization
import TestSupport
import Testing

/// A site with the operator's page, which ada may see, without a server.
struct OperatorSite: Sendable {
    static let links = PageLinks(page: "/admin/sessions")

    let clock = ManualClock()
    let log = LogRecorder()
    let sessions: SessionManager
    let overview: SessionsOverview

    init(
        _ place: SessionPlace = .stored(in: MemoryStore()),
        texts: SessionsOverview.Texts = SessionsOverview.Texts(),
        allowing isAllowed: @escaping @Sendable (Session) async throws -> Bool = { $0.user == "ada" }
    ) throws {
        self.sessions = try SessionManager(
            keys: StoreSite.keys, configuration: SessionConfiguration(place), clock: self.clock.sessionClock,
            logger: self.log.logger)
        self.overview = SessionsOverview(self.sessions, allowing: isAllowed, texts: texts)
    }

    func signedIn(as user: String = "ada", agent: String? = "curl/8.0") async throws -> OperatorVisitor {
        let visitor = OperatorVisitor(self, agent: agent)
        try await visitor.visit { $0.signIn(as: user) }
        return visitor
    }
}

/// A browser: what it does in a request, and the cookie that it keeps.
final class OperatorVisitor: Sendable {
    private let site: OperatorSite
    private let agent: String?
    private let kept = Mutex<String?>(nil)

    var cookie: String? { self.kept.withLock(\.self) }

    init(_ site: OperatorSite, agent: String? = nil) {
        self.site = site
        self.agent = agent
    }

    @discardableResult
    func visit<Value>(_ body: (Session) async throws -> Value) async throws -> Value {
        let session = try await self.site.sessions.open(self.cookie.map { [$0] } ?? [], userAgent: self.agent)
        let value = try await body(session)
        if let setCookie = try await self.site.sessions.commit(session).setCookie {
            self.kept.withLock { $0 = String(setCookie.prefix { $0 != ";" }) }
        }
        return value
    }

    var user: String? { get async throws { try await self.visit { $0.user } } }
    var id: SessionID { get async throws { try #require(try await self.visit { $0.id }) } }

    /// The page's markup.
    func page(_ query: [String: String] = [:]) async throws -> String {
        try await self.visit { session in
            let page = try await self.site.overview.page({ query[$0] }, for: session, links: OperatorSite.links)
            return String(decoding: page.body, as: UTF8.self)
        }
    }

    /// Sends a form of the page; the answer is where it leads.
    @discardableResult
    func send(_ fields: [String: String]) async throws -> String {
        let answer = try await self.visit { session in
            let fields = fields.merging([CrossSiteGuard.fieldName: session.csrfToken]) { own, _ in own }
            return try await self.site.overview.answer({ fields[$0] }, for: session, links: OperatorSite.links)
        }
        #expect(answer.status == .seeOther)
        return try #require(answer.headers[.location])
    }
}

extension SessionEvents {
    /// The events of a kind, each with its user and who did it.
    func taken(_ kind: SessionEvent.Kind) -> [String] {
        self.takeAll().filter { $0.kind == kind }.map { "\($0.user ?? "nobody") by \($0.actor ?? "nobody")" }
    }
}
