// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// A site reads several formats and writes one, and nobody is signed out by the change.
@Suite struct AcceptedFormatTests {
    /// Flask's cookies and lifetime, in one format, with others accepted.
    private static func site(
        _ format: SessionFormat, accepting formats: [SessionFormat] = [], keys: SecretKeys = SecretKeys(TestSite.key),
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws -> TestSite {
        var configuration = SessionConfiguration.flask
        configuration.format = format
        configuration.acceptedFormats = formats
        change(&configuration)
        return try TestSite(configuration, keys: keys)
    }

    static let moves: [(from: SessionFormat, to: SessionFormat)] = [
        (.flask, .sealed), (.signed, .sealed), (.flask, .signed), (.sealed, .signed), (.sealed, .flask),
        (.signed, .flask),
    ]

    @Test(arguments: AcceptedFormatTests.moves, [false, true])
    func anUnchangedCookieIsWrittenAgainOnce(_ move: (from: SessionFormat, to: SessionFormat), _ looks: Bool)
        async throws
    {
        let old = try await Self.site(move.from).cookie()
        let site = try Self.site(move.to, accepting: [move.to, move.from])
        let headers = try await site.visit(old) { if looks { #expect($0["user"] == "ada") } }
        #expect(headers.setCookie != nil)
        #expect(headers.variesOnCookie)
        #expect(try await Self.site(move.to).contents(of: headers.pair) == ["user": "ada"])
        #expect(try await Self.site(move.from).contents(of: headers.pair).isEmpty)
        #expect(try await site.visit(headers.pair) { if looks { _ = $0["user"] } }.setCookie == nil)
    }

    @Test(arguments: AcceptedFormatTests.moves)
    func aFormatThatIsNotAcceptedIsRefused(_ move: (from: SessionFormat, to: SessionFormat)) async throws {
        let old = try await Self.site(move.from).cookie()
        let site = try Self.site(move.to)
        #expect(try await site.contents(of: old).isEmpty)
        #expect(site.log.text.contains("rejected"))
    }

    /// A sealed cookie is longer than Flask's. A visitor whose session does not fit into one keeps it as it is, and a page
    /// that changes it says so.
    @Test func aCookieThatIsTooLargeInTheNewFormatStaysAsItCame() async throws {
        let text = RandomText.letters(5000)
        let old = try await Self.site(.flask).cookie { $0["text"] = .string(text) }
        let site = try Self.site(.sealed, accepting: [.flask]) { $0.cookie.sizeLimit = .refuse(over: 4096) }
        for looks in [false, true] {
            let headers = try await site.visit(old) { if looks { #expect($0["text"] == .string(text)) } }
            #expect(headers.setCookie == nil)
        }
        #expect(site.log.text.contains("the session cookie stays in its old format"))
        let error = await failure(SessionError.self) { _ = try await site.visit(old) { $0["n"] = 1 } }
        #expect(error?.kind == .cookieTooLarge)
        #expect(try await site.visit(old) { $0["text"] = nil as String? }.setCookie != nil)
    }

    @Test func aChangedSessionIsWrittenInTheNewFormat() async throws {
        let old = try await Self.site(.flask).cookie()
        let site = try Self.site(.sealed, accepting: [.flask])
        let cookie = try await site.visit(old) { $0["more"] = 1 }.pair
        #expect(!cookie.contains("."))
        #expect(try await site.contents(of: cookie) == ["user": "ada", "more": 1])
    }

    @Test func signingOutTakesAnOldCookieAway() async throws {
        let old = try await Self.site(.flask).cookie()
        let headers = try await Self.site(.sealed, accepting: [.flask]).visit(old) { $0.pop("user") }
        #expect(headers.setCookie?.hasPrefix("session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0") == true)
    }

    @Test func aSessionThatStaysPermanentIsSentWithItsEnd() async throws {
        let old = try await Self.site(.flask).cookie { $0.isPermanent = true }
        let headers = try await Self.site(.sealed, accepting: [.flask]).visit(old)
        #expect(headers.attributes == "Max-Age=2678400; HttpOnly; Path=/")
    }

    @Test func oldKeysOpenOldFormats() async throws {
        let old = try await Self.site(.flask, keys: "the Flask site's own key").cookie()
        let keys = SecretKeys(TestSite.key, fallbacks: ["the Flask site's own key"])
        let cookie = try await Self.site(.sealed, accepting: [.flask], keys: keys).visit(old).pair
        #expect(try await Self.site(.sealed).contents(of: cookie) == ["user": "ada"])
    }

    @Test func neverToRefreshIsNotNeverToMove() async throws {
        let old = try await Self.site(.flask).cookie()
        let site = try Self.site(.sealed, accepting: [.flask]) { $0.refresh = .never }
        let headers = try await site.visit(old)
        #expect(headers.setCookie != nil)
        #expect(try await site.visit(headers.pair).setCookie == nil)
    }

    /// Flask does not say when a session began, so that its absolute limit counts from the change of format.
    @Test func theAbsoluteLimitCountsFromTheChange() async throws {
        let old = try await Self.site(.flask).cookie()
        let site = try Self.site(.sealed, accepting: [.flask]) { $0.lifetime.absolute = .seconds(7200) }
        site.clock.advance(by: .seconds(86400 * 30))
        let cookie = try await site.visit(old).pair
        site.clock.advance(by: .seconds(7200))
        #expect(try await site.contents(of: cookie) == ["user": "ada"])
        site.clock.advance(by: .seconds(1))
        #expect(try await site.contents(of: cookie).isEmpty)
    }

    @Test func theBeginningOfASignedSessionIsKept() async throws {
        func limit(_ configuration: inout SessionConfiguration) { configuration.lifetime.absolute = .seconds(7200) }
        let old = try await Self.site(.signed, limit).cookie()
        let site = try Self.site(.sealed, accepting: [.signed], limit)
        site.clock.advance(by: .seconds(5000))
        let cookie = try await site.visit(old).pair
        site.clock.advance(by: .seconds(2200))
        #expect(try await site.contents(of: cookie) == ["user": "ada"])
        site.clock.advance(by: .seconds(1))
        #expect(try await site.contents(of: cookie).isEmpty)
    }

    @Test func anOldCookieThatIsBadOrEndedBringsNothing() async throws {
        let old = try await Self.site(.flask).cookie()
        let site = try Self.site(.sealed, accepting: [.flask, .signed])
        for cookie in [String(old.dropLast(5)) + "AAAAA", "session=a.b.c", "session=..", "session=nonsense"] {
            #expect(try await site.visit(cookie) == SessionHeaders())
        }
        site.clock.advance(by: .seconds(86400 * 31 + 1))
        #expect(try await site.visit(old) == SessionHeaders())
    }

    /// One cookie counts once, under the reason of the format that it came furthest in.
    @Test(arguments: [
        ("session=nonsense!", "malformed_token"), ("session=nonsense", "unknown_version"),
        ("session=a.b.c", "bad_signature"),
    ])
    func theReasonIsTheMostTelling(_ cookie: String, _ reason: String) async throws {
        let site = try Self.site(.sealed, accepting: [.flask])
        #expect(try await site.contents(of: cookie).isEmpty)
        #expect(site.log.text.contains(reason))
        #expect(site.log.text.split(separator: "\n").count == 1)
    }

    @Test func anEndedFlaskCookieIsCountedAsExpired() async throws {
        let old = try await Self.site(.flask).cookie()
        let site = try Self.site(.sealed, accepting: [.signed, .flask])
        site.clock.advance(by: .seconds(86400 * 31 + 1))
        #expect(try await site.contents(of: old).isEmpty)
        #expect(site.log.text.contains("expired"))
    }
}
