// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An audit of a site: the page and what it redirects to, the page again with the session that it gave, and once with a
/// session that no server gave.
struct SiteAudit {
    private let get: @Sendable (AuditURL, String?) async throws -> AuditAnswer
    private let sessionName: String?
    private(set) var findings: [AuditFinding] = []
    /// What was asked, with the status of each answer.
    private(set) var steps: [String] = []

    private static let maximumRedirects = 5
    /// A value that no server made, long enough to be an id.
    private static let invented = "inventedbydewaraudit0000000000000000"

    /// - Parameter sessionName: The name of the session's cookie; nil to tell by names and values.
    init(
        sessionName: String? = nil, get: @escaping @Sendable (AuditURL, String?) async throws -> AuditAnswer
    ) {
        self.sessionName = sessionName
        self.get = get
    }

    mutating func run(_ start: AuditURL) async throws {
        var url = start
        var jar: [String: SentCookie] = [:]
        for _ in 0...Self.maximumRedirects {
            let answer = try await self.step(url, jar)
            for cookie in Self.cookies(answer) where !cookie.isRemoval { jar[cookie.name] = cookie }
            guard answer.isRedirect, let next = answer.first("Location").flatMap(url.following) else { break }
            // Cookies go to the site that set them.
            if next.host != url.host { jar = [:] }
            // A browser sends none that is Secure over plain HTTP, where it could be copied.
            if !next.isSecure, !next.isLocal { jar = jar.filter { !$0.value.isSecure } }
            url = next
        }
        guard !jar.isEmpty else {
            self.sort()
            return
        }
        _ = try await self.step(url, jar)
        try await self.checkAdoption(url, jar.values.filter(self.isSession))
        self.sort()
    }

    private mutating func step(_ url: AuditURL, _ jar: [String: SentCookie]) async throws -> AuditAnswer {
        let cookie = jar.values.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
        let answer = try await self.get(url, jar.isEmpty ? nil : cookie)
        self.steps.append("\(answer.status) \(url)" + (jar.isEmpty ? "" : " with its cookies"))
        let cookies = Self.cookies(answer)
        for cookie in cookies where !cookie.isRemoval {
            self.findings += CookieRules.findings(cookie, isSession: self.isSession(cookie), at: url)
        }
        let sentSession = jar.values.contains(where: self.isSession)
        self.findings += PageRules.findings(answer, cookies: cookies, sentSession: sentSession)
        return answer
    }

    /// A session that begins under an id that the client chose can be planted: ASVS 4.0 3.2.1.
    ///
    /// One request carries all of the names: a site that sets hundreds of cookies is not asked hundreds of times.
    private mutating func checkAdoption(_ url: AuditURL, _ sessions: [SentCookie]) async throws {
        guard !sessions.isEmpty else { return }
        let names = sessions.map(\.name).sorted()
        let answer = try await self.get(url, names.map { "\($0)=\(Self.invented)" }.joined(separator: "; "))
        let others = names.count > 1 ? " and \(names.count - 1) more" : ""
        self.steps.append("\(answer.status) \(url) with an invented \(names[0])\(others)")
        let adopted = Set(Self.cookies(answer).filter { $0.value.contains(Self.invented) }.map(\.name))
        for name in names where adopted.contains(name) {
            self.findings.append(
                AuditFinding(
                    .critical, "OWASP strict", "the session cookie \(name) takes over an id that the client chose",
                    change: "SessionManager(keys:configuration:), which never adopts an id"))
        }
    }

    private func isSession(_ cookie: SentCookie) -> Bool {
        self.sessionName.map { $0 == cookie.name } ?? cookie.looksLikeSession
    }

    private static func cookies(_ answer: AuditAnswer) -> [SentCookie] {
        answer.values("Set-Cookie").compactMap(SentCookie.init)
    }

    /// The worst first; each once.
    private mutating func sort() {
        var seen = Set<AuditFinding>()
        self.findings = self.findings.filter { seen.insert($0).inserted }
            .enumerated().sorted { ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset) }.map(\.element)
    }
}
