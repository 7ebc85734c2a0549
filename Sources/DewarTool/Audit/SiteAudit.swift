// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An audit of a site: the page and what it redirects to, the page again with the session that it gave, and with
/// sessions that no server gave.
struct SiteAudit {
    private let get: @Sendable (AuditURL, String?) async throws -> AuditAnswer
    private let sessionName: String?
    private(set) var findings: [AuditFinding] = []
    /// What was asked, with the status of each answer.
    private(set) var steps: [String] = []

    private static let maximumRedirects = 5
    /// A value that no server made, long enough to be an id.
    private static let invented = "inventedbydewaraudit0000000000000000"
    /// How many cookies are invented each in a request of its own.
    private static let maximumAlone = 3
    /// Up to how many bytes of invented cookies go into one request: many a server takes no more than 8 KiB of fields.
    private static let maximumCookieSize = 4096

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
    /// A server that takes over one cookie may refuse the request for another one, such as a remembered sign-in: so the
    /// likeliest cookies are invented each alone. The rest go together: a site that sets hundreds of cookies is not
    /// asked hundreds of times.
    private mutating func checkAdoption(_ url: AuditURL, _ sessions: [SentCookie]) async throws {
        // What scripts cannot read is a session rather than anything else.
        let names = sessions.sorted { ($0.isHTTPOnly ? 0 : 1, $0.name) < ($1.isHTTPOnly ? 0 : 1, $1.name) }.map(\.name)
        for name in names.prefix(Self.maximumAlone) { try await self.invent([name], at: url) }
        let rest = Array(names.dropFirst(Self.maximumAlone))
        var size = 0
        let fitting = rest.prefix { name in
            size += Self.cookie(name).utf8.count + 2
            return size <= Self.maximumCookieSize
        }
        if !fitting.isEmpty { try await self.invent(Array(fitting), at: url) }
        if let left = rest.dropFirst(fitting.count).first {
            self.steps.append("not asked with an invented \(left)\(Self.others(rest.count - fitting.count))")
        }
    }

    private static func cookie(_ name: String) -> String { "\(name)=\(Self.invented)" }

    private static func others(_ count: Int) -> String { count > 1 ? " and \(count - 1) more" : "" }

    private mutating func invent(_ names: [String], at url: AuditURL) async throws {
        let answer = try await self.get(url, names.map(Self.cookie).joined(separator: "; "))
        self.steps.append("\(answer.status) \(url) with an invented \(names[0])\(Self.others(names.count))")
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
