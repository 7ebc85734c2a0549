// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization
import Testing

@testable import DewarTool

/// What `dewar audit` finds in answers.
@Suite struct SiteAuditTests {
    private static let good = [
        ("Strict-Transport-Security", "max-age=31536000"), ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"), ("Content-Security-Policy", "frame-ancestors 'self'"),
    ]
    private static let cookie = "__Host-session=0123456789abcdef0123; Path=/; Secure; HttpOnly; SameSite=Lax"

    /// The requirements that a site of one page does not meet, with the severity.
    private func findings(
        at url: String = "https://shop.example/", status: Int = 200, cookie: String? = cookie,
        _ more: [(String, String)] = [("Cache-Control", "no-store")], _ headers: [(String, String)] = good
    ) async throws -> [String] {
        let fields = headers + more + (cookie.map { [("Set-Cookie", $0)] } ?? [])
        var audit = SiteAudit { url, _ in
            AuditAnswer(url: url, status: status, fields: fields.map { (name: $0.0, value: $0.1) })
        }
        try await audit.run(try #require(AuditURL(url)))
        return audit.findings.map { "\($0.severity.name) \($0.requirement)" }
    }

    @Test func aSiteAsItShouldBeHasNone() async throws {
        #expect(try await self.findings() == [])
        #expect(try await self.findings(cookie: nil) == [])
    }

    @Test(
        arguments: [
            ("__Host-session=x; Path=/; HttpOnly; SameSite=Lax", ["critical ASVS 3.3.1"]),
            ("__Host-session=x; Path=/a; Secure; HttpOnly; SameSite=Lax", ["critical ASVS 3.3.1"]),
            (
                "__Host-session=x; Path=/; Domain=example; Secure; HttpOnly; SameSite=Lax",
                ["critical ASVS 3.3.1", "medium ASVS 3.3.3"]
            ),
            ("session=x; Path=/; HttpOnly; SameSite=Lax", ["critical ASVS 3.3.1", "low ASVS 3.3.3"]),
            ("__Host-session=x; Path=/; Secure; SameSite=Lax", ["high ASVS 3.3.4"]),
            ("__Host-session=x; Path=/; Secure; HttpOnly", ["medium ASVS 3.3.2"]),
            ("__Host-session=x; Path=/; Secure; HttpOnly; SameSite=None", ["medium ASVS 3.3.2"]),
            ("__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=40000000", ["low 6265bis"]),
            ("theme=dark; Path=/", ["low ASVS 3.3.1"]), ("theme=dark; Path=/; Secure", []),
        ])
    func aCookieIsHeldToTheStandard(cookie: String, expected: [String]) async throws {
        let found = try await self.findings(cookie: cookie)
        #expect(Set(found) == Set(expected))
        #expect(found == found.sorted { Self.rank($0) < Self.rank($1) }, "the worst comes first")
    }

    /// Section 5.6 of RFC 6265bis: what browsers do with blanks, and with numbers that are none.
    @Test func aCookieIsReadAsABrowserReadsIt() throws {
        let cookie = try #require(
            SentCookie("\tid = a b ;PATH = / ; Secure ; samesite= Lax; Max-Age = 60 ; max-age=+5; Max-Age=x; Domain= "))
        #expect((cookie.name, cookie.value) == ("id", "a b"))
        #expect((cookie.path, cookie.isSecure, cookie.sameSite, cookie.maxAge) == ("/", true, "lax", 60))
        #expect(cookie.domain == nil)
        #expect(SentCookie("a=b; Max-Age=99999999999999999999")?.maxAge == .max)
        #expect(SentCookie("a=b; Max-Age=-99999999999999999999")?.isRemoval == true)
        #expect(SentCookie(" =b") == nil && SentCookie("b") == nil && SentCookie("") == nil)
    }

    @Test func aSecureCookieIsNotSentOverPlainHTTP() async throws {
        let asked = Mutex<[String]>([])
        var audit = SiteAudit { url, cookie in
            asked.withLock { $0.append("\(url) \(cookie ?? "-")") }
            let fields =
                url.isSecure
                ? [
                    ("Set-Cookie", "sid=0123456789abcdef0123; Secure"), ("Set-Cookie", "theme=dark"),
                    ("Location", "http://shop.example/x"),
                ]
                : []
            return AuditAnswer(
                url: url, status: url.isSecure ? 302 : 200, fields: fields.map { (name: $0.0, value: $0.1) })
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        #expect(
            asked.withLock { $0 } == [
                "https://shop.example/ -", "http://shop.example/x theme=dark", "http://shop.example/x theme=dark",
            ])
    }

    private static func rank(_ line: String) -> Int {
        ["critical", "high", "medium", "low"].firstIndex { line.hasPrefix($0) } ?? 9
    }

    @Test func aCookieThatIsTooLongIsFound() async throws {
        let cookie = Self.cookie.replacingOccurrences(of: "0123;", with: String(repeating: "a", count: 4100) + ";")
        #expect(try await self.findings(cookie: cookie) == ["high ASVS 3.3.5"])
    }

    @Test func aPageWithASessionIsNotKeptByCaches() async throws {
        #expect(try await self.findings([]) == ["medium OWASP caching", "low OWASP caching"])
        #expect(try await self.findings([("Vary", "Accept, Cookie")]) == ["medium OWASP caching"])
        #expect(try await self.findings([("Cache-Control", "private"), ("Vary", "Cookie")]) == [])
        #expect(
            try await self.findings([("Cache-Control", "public, max-age=60"), ("Vary", "Cookie")]).first
                == "critical OWASP caching")
        #expect(try await self.findings(cookie: nil, [("Cache-Control", "public")]) == [])
    }

    @Test(arguments: ["=", "=x", " = , ,=", "\t=\"", ",", ""])
    func aDirectiveWithoutANameIsNone(field: String) async throws {
        let found = try await self.findings([("Cache-Control", field)])
        #expect(found == ["medium OWASP caching", "low OWASP caching"])
        #expect(try await self.findings([("Cache-Control", field), ("Cache-Control", "\tno-store\t")]) == [])
    }

    @Test func headerFieldsAreMissed() async throws {
        let found = try await self.findings(cookie: nil, [], [])
        #expect(found == ["medium ASVS 3.4.1", "medium ASVS 3.4.6", "low ASVS 3.4.4", "low ASVS 3.4.5"])
        #expect(try await self.findings(at: "http://localhost:5000/", cookie: nil) == [])
        #expect(try await self.findings(at: "http://shop.example/", cookie: nil) == ["high ASVS 3.3.1"])
    }

    @Test func redirectsAreFollowedAndChecked() async throws {
        var audit = SiteAudit { url, _ in
            let isStart = url.target == "/"
            let fields = Self.good + (isStart ? [("Location", url.isSecure ? "http://shop.example/x" : "/x")] : [])
            return AuditAnswer(url: url, status: isStart ? 302 : 200, fields: fields.map { (name: $0.0, value: $0.1) })
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        #expect(audit.steps == ["302 https://shop.example/", "200 http://shop.example/x"])
        #expect(audit.findings.map(\.requirement) == ["ASVS 3.3.1", "ASVS 3.3.1"])
    }

    @Test func aTokenInAnAddressIsFound() async throws {
        let found = try await self.findings(
            status: 302, [("Location", "/?s=0123456789abcdef0123"), ("Cache-Control", "no-store")])
        #expect(found == ["critical ASVS 14.2.1"])
    }

    @Test func aServerThatTakesOverAnInventedIDIsFound() async throws {
        var audit = SiteAudit { url, cookie in
            let value = cookie?.split(separator: "=").last.map(String.init) ?? "0123456789abcdef0123"
            let fields =
                Self.good + [
                    ("Cache-Control", "no-store"),
                    ("Set-Cookie", "__Host-session=\(value); Path=/; Secure; HttpOnly; SameSite=Lax"),
                ]
            return AuditAnswer(url: url, status: 200, fields: fields.map { (name: $0.0, value: $0.1) })
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        #expect(audit.findings.map(\.requirement) == ["OWASP strict"])
    }

    @Test func aSiteWithHundredsOfCookiesIsAskedEightTimes() async throws {
        let names = (0..<300).map { "sid\($0)" }
        let asked = Mutex<[String?]>([])
        var audit = SiteAudit { url, cookie in
            let count = asked.withLock {
                $0.append(cookie)
                return $0.count
            }
            // One of the cookies keeps what the client sends.
            let sent = cookie.map { $0.split(separator: "; ").map(String.init) } ?? []
            let value = sent.first { $0.hasPrefix("sid7=") }?.dropFirst(5) ?? "0123456789abcdef0123"
            let fields = names.map { ("Set-Cookie", "\($0)=\($0 == "sid7" ? String(value) : "new"); Secure") }
            return AuditAnswer(
                url: url, status: count < 6 ? 302 : 200,
                fields: (fields + [("Location", "/\(count)")]).map { (name: $0.0, value: $0.1) })
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        let last = asked.withLock { $0 }
        #expect(last.count == 8)
        #expect(last[7]?.split(separator: "; ").count == 300)
        #expect(audit.steps.last?.hasSuffix(" with an invented sid0 and 299 more") == true)
        let adopted = audit.findings.filter { $0.requirement == "OWASP strict" }.map(\.seen)
        #expect(adopted == ["the session cookie sid7 takes over an id that the client chose"])
    }

    @Test func noFindingQuotesTheValueOfACookie() async throws {
        let value = "s3cr3tsessionvalue0123456789"
        var audit = SiteAudit { url, _ in
            AuditAnswer(
                url: url, status: 302, fields: [("Set-Cookie", "sid=\(value); Domain=x"), ("Location", "/?\(value)")])
        }
        try await audit.run(try #require(AuditURL("http://shop.example/")))
        #expect(audit.findings.count > 5)
        for finding in audit.findings {
            #expect(!(finding.lines(Style(isOn: true)).joined() + finding.json.line).contains(value))
        }
    }
}
