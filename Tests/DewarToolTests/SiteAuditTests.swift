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
            // No session: what is critical is what browsers refuse, and comes of no other rule.
            ("theme=dark; Path=/; SameSite=None", ["critical ASVS 3.3.1", "low ASVS 3.3.1"]),
            ("__Secure-theme=dark; Path=/", ["critical ASVS 3.3.1", "low ASVS 3.3.1"]),
            ("__Secure-theme=dark; Path=/; Secure; SameSite=None", []),
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

    @Test func aCookieThatOneAnswerSetsTwiceIsFound() async throws {
        let noStore = ("Cache-Control", "no-store")
        let twice = [noStore, ("Set-Cookie", "theme=dark; Secure"), ("Set-Cookie", "theme=light; Secure")]
        #expect(try await self.findings(twice) == ["medium 6265bis"])
        let two = [noStore, ("Set-Cookie", "theme=dark; Secure"), ("Set-Cookie", "size=large; Secure")]
        #expect(try await self.findings(two) == [])
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

    @Test(
        arguments: [
            ("max-age=31536000", true), ("Max-Age = \"31536000\" ; includeSubDomains", true),
            ("includeSubDomains;max-age=99999999999999999999", true),
            ("max-age=31535999", false), ("max-age=0", false), ("max-age", false), ("max-age=-31536000", false),
            ("max-age=\"", false), ("includeSubDomains", false), ("max-age=31536000; max-age=31536000", false),
            ("", false),
        ])
    func strictTransportLastsAYear(field: String, isEnough: Bool) async throws {
        let found = try await self.findings(
            cookie: nil, [("Strict-Transport-Security", field)], Array(Self.good.dropFirst()))
        #expect(found == (isEnough ? [] : ["medium ASVS 3.4.1"]))
    }

    /// CSP 3: every policy holds, and of a directive that stands twice in one the first. With any, a browser heeds no
    /// `X-Frame-Options`.
    @Test(
        arguments: [
            (["default-src 'self'; Frame-Ancestors 'none'"], nil, nil),
            (["frame-ancestors *", "frame-ancestors https://a.example"], nil, nil),
            (["frame-ancestors *, frame-ancestors 'self'"], nil, nil),
            (["frame-ancestors"], nil, nil),
            (["frame-ancestors *; frame-ancestors 'self'"], "DENY", "medium"),
            (["frame-ancestors 'self' https:"], "DENY", "medium"),
            (["default-src frame-ancestors"], "sameorigin", "low"),
            ([], "DENY", "low"), ([], "ALLOW-FROM https://a.example", "medium"), ([], nil, "medium"),
        ] as [([String], String?, String?)])
    func framesAreForAncestorsThatArePermitted(policies: [String], options: String?, severity: String?) async throws {
        let fields =
            policies.map { ("Content-Security-Policy", $0) } + (options.map { [("X-Frame-Options", $0)] } ?? [])
        let found = try await self.findings(cookie: nil, fields, Array(Self.good.dropLast()))
        #expect(found == (severity.map { ["\($0) ASVS 3.4.6"] } ?? []))
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

    /// What a server answers that takes over the id in `adopting`, and sets these cookies anew.
    private static func answer(
        _ url: AuditURL, to cookie: String?, setting names: [String], adopting: String, status: Int = 200,
        with fields: [(String, String)] = []
    ) -> AuditAnswer {
        let sent = cookie.map { $0.split(separator: "; ").map(String.init) } ?? []
        let value = sent.first { $0.hasPrefix("\(adopting)=") }?.dropFirst(adopting.count + 1)
        let cookies = names.map { name in
            let isKept = name == adopting && value != nil
            return ("Set-Cookie", "\(name)=\(isKept ? String(value ?? "") : "0123456789abcdef0123"); Secure")
        }
        return AuditAnswer(url: url, status: status, fields: (cookies + fields).map { (name: $0.0, value: $0.1) })
    }

    private static func adopted(_ audit: SiteAudit) -> [String] {
        audit.findings.filter { $0.requirement == "OWASP strict" }.map(\.seen)
    }

    @Test func aSiteWithHundredsOfCookiesIsAskedElevenTimes() async throws {
        let names = (0..<300).map { "sid\($0)" }
        let asked = Mutex<[String?]>([])
        var audit = SiteAudit { url, cookie in
            let count = asked.withLock {
                $0.append(cookie)
                return $0.count
            }
            return Self.answer(
                url, to: cookie, setting: names, adopting: "sid105", status: count < 6 ? 302 : 200,
                with: [("Location", "/\(count)")])
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        let last = asked.withLock { $0 }.suffix(4).map { $0 ?? "" }
        #expect(asked.withLock { $0.count } == 11)
        #expect(last.map { $0.split(separator: "; ").count }.prefix(3) == [1, 1, 1])
        #expect((3000...4096).contains(last[3].utf8.count))
        #expect(audit.steps.last?.hasPrefix("not asked with an invented sid") == true)
        #expect(Self.adopted(audit) == ["the session cookie sid105 takes over an id that the client chose"])
    }

    /// Where all of them are invented, the server looks at the sign-in first, and begins a new session.
    @Test func aCookieIsInventedWithoutTheOthersThatCouldHideIt() async throws {
        var audit = SiteAudit { url, cookie in
            let isRefused = cookie?.contains("auth_remember=invented") == true
            return Self.answer(
                url, to: isRefused ? nil : cookie, setting: ["auth_remember", "PHPSESSID"], adopting: "PHPSESSID")
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        #expect(Self.adopted(audit) == ["the session cookie PHPSESSID takes over an id that the client chose"])
        let invented = audit.steps.filter { $0.contains("invented") }
        #expect(invented == ["PHPSESSID", "auth_remember"].map { "200 https://shop.example/ with an invented \($0)" })
    }

    @Test func aCookieThatScriptsCannotReadIsInventedFirst() async throws {
        var audit = SiteAudit { url, _ in
            let cookies = ["a_sid", "b_sid", "c_sid", "d_sid; HttpOnly"].map { field in
                let parts = field.split(separator: ";", maxSplits: 1)
                let attributes = parts.dropFirst().first ?? ""
                return (name: "Set-Cookie", value: "\(parts[0])=0123456789abcdef0123;\(attributes)")
            }
            return AuditAnswer(url: url, status: 200, fields: cookies)
        }
        try await audit.run(try #require(AuditURL("https://shop.example/")))
        let invented = audit.steps.compactMap { $0.split(separator: " invented ").last }.suffix(4)
        #expect(invented == ["d_sid", "a_sid", "b_sid", "c_sid"])
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
