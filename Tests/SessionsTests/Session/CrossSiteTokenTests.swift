// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport
@testable import SessionsValues

/// Tokens of a session: masked, good in many tabs, and dead once it is renewed.
@Suite struct CrossSiteTokenTests {
    private static let unproven = CrossSiteVerdict.unproven

    @Test func everyTokenIsSpelledDifferentlyAndGood() {
        let session = Session.fresh()
        let tokens = (0..<200).map { _ in session.csrfToken }
        #expect(Set(tokens).count == tokens.count)
        #expect(tokens.allSatisfy { session.accepts(csrfToken: $0) })
        #expect(session.count == 1)
    }

    @Test func noTokenRepeatsTheSecret() throws {
        let session = Session.fresh()
        _ = session.csrfToken
        let secret = try #require(session["_csrf"]).description
        #expect(secret.count == 22)
        for _ in 0..<50 { #expect(!session.csrfToken.contains(secret.prefix(6))) }
    }

    @Test func aTokenIsSafeInAPageAndInAForm() {
        let safe = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for _ in 0..<100 {
            let token = Session.fresh().csrfToken
            #expect(token.count == 43)
            #expect(token.allSatisfy { safe.contains($0) })
        }
    }

    @Test func whatIsNoTokenIsRefused() {
        let session = Session.fresh()
        let token = session.csrfToken
        let other = Session.fresh().csrfToken
        let flipped = (token.hasPrefix("A") ? "B" : "A") + token.dropFirst()
        for text in [
            "", "x", other, flipped, token + "=", String(token.dropLast()), " " + token,
            String(repeating: "A", count: 43), String(repeating: "-", count: 43), String(repeating: "é", count: 43),
            String(repeating: "A", count: 1_000_000),
        ] {
            #expect(!session.accepts(csrfToken: text), "\(text.prefix(50))")
        }
        #expect(session.accepts(csrfToken: token))
    }

    @Test func aSessionWithoutASecretTakesNone() {
        #expect(!Session.fresh().accepts(csrfToken: Session.fresh().csrfToken))
        #expect(!Session.fresh().accepts(csrfToken: String(repeating: "A", count: 43)))
        for junk: SessionValue in ["", "short", 5, .null, .string(String(repeating: "A", count: 5000))] {
            let session = Session.fresh(["_csrf": junk])
            #expect(!session.hasIssuedCSRFToken)
            #expect(!session.accepts(csrfToken: String(repeating: "A", count: 43)))
            let token = session.csrfToken
            #expect(session.accepts(csrfToken: token))
        }
    }

    @Test(arguments: [
        Action("renew") { $0.renew() }, Action("removeAll") { $0.removeAll() }, Action("destroy") { $0.destroy() },
    ])
    func aTokenFromBeforeIsDead(_ action: Action) {
        let session = Session.fresh()
        let old = session.csrfToken
        action.run(session)
        #expect(!session.accepts(csrfToken: old))
        let new = session.csrfToken
        #expect(session.accepts(csrfToken: new))
        #expect(!session.accepts(csrfToken: old))
    }

    /// The mask, and the secret under it.
    @Test func theRandomBytesAreTheManagers() async throws {
        let sessions = try SessionManager(
            keys: SecretKeys(TestSite.key), random: SessionRandom { [UInt8](repeating: 7, count: $0) })
        let foretold = [UInt8](repeating: 7, count: 16) + [UInt8](repeating: 0, count: 16)
        #expect(try await sessions.open([]).csrfToken.utf8.elementsEqual(Base64.encodeURLSafe(foretold)))
    }

    @Test func aRenewedSessionStillDemandsAToken() throws {
        let session = Session.fresh()
        _ = session.csrfToken
        session.renew()
        let guardian = try CrossSiteGuard(CrossSitePolicy())
        #expect(guardian.demandsToken(after: Self.unproven, in: session))
    }

    @Test func renewingASessionWithoutATokenAddsNone() {
        let session = Session.fresh(["a": 1])
        session.renew()
        #expect(session.keys == ["a"])
    }

    @Test(arguments: [
        Action("pop") { $0.pop("user") }, Action("nil") { $0["user"] = nil },
        Action("popLast") { $0.popLast() },
    ])
    func theTokenGoesWithTheLastOtherValue(_ action: Action) throws {
        let token = CrossSiteToken(using: .system)
        let session = Session.fresh(["_csrf": token.stored, "user": "ada"])
        action.run(session)
        #expect(session.isEmpty)
        #expect(!session.accepts(csrfToken: token.masked(using: .system)))
    }

    @Test func aTokenThatIsGivenOutStays() {
        let session = Session.fresh(["_csrf": CrossSiteToken(using: .system).stored, "notice": "saved"])
        let token = session.csrfToken
        session.pop("notice")
        #expect(session.accepts(csrfToken: token))
    }

    @Test func takingMessagesOutLeavesTheToken() {
        let session = Session.fresh(["_csrf": CrossSiteToken(using: .system).stored])
        session.flash("saved")
        #expect(session.flashedMessages().count == 1)
        session.pop("missing")
        #expect(session.hasIssuedCSRFToken)
    }

    @Test func checkingIsNoLook() throws {
        let session = Session.fresh(["a": 1])
        let guardian = try CrossSiteGuard(CrossSitePolicy())
        #expect(!guardian.demandsToken(after: Self.unproven, in: session))
        #expect(throws: CrossSiteRefusal.self) { try guardian.check(token: "x", in: session) }
        #expect(!session.isAccessed)
        #expect(!session.isModified)
    }

    @Test(arguments: [
        (CrossSiteTokenRule.never, false, false, false), (.onceIssued, false, true, false),
        (.withoutProof, true, true, false), (.always, true, true, true),
    ])
    func theRuleSaysWhoMustCarryAToken(
        rule: CrossSiteTokenRule, unproven: Bool, unprovenAfterAForm: Bool, sameOrigin: Bool
    ) throws {
        let guardian = try CrossSiteGuard(CrossSitePolicy(tokens: rule))
        let (without, with) = (Session.fresh(), Session.fresh())
        _ = with.csrfToken
        #expect(guardian.demandsToken(after: .unproven, in: without) == unproven)
        #expect(guardian.demandsToken(after: .unproven, in: with) == unprovenAfterAForm)
        #expect(guardian.demandsToken(after: .sameOrigin, in: without) == sameOrigin)
        for verdict in [CrossSiteVerdict.safe, .exempt, .trusted] {
            #expect(!guardian.demandsToken(after: verdict, in: with))
        }
    }

    @Test func anExemptPathNeedsNoTokenFromAnyone() throws {
        let guardian = try CrossSiteGuard(CrossSitePolicy(exemptPaths: ["/hook"], tokens: .always))
        let sources: [(String?, String?)] = [
            (nil, nil), ("same-origin", nil), (nil, "https://example.com"), ("cross-site", nil),
        ]
        for (fetchSite, origin) in sources {
            let request = CrossSiteRequest(
                method: "POST", path: "/hook", host: "example.com", origin: origin, fetchSite: fetchSite)
            #expect(try guardian.check(request) == .exempt)
        }
    }

    @Test func aMissingTokenAndAWrongOneAreTold() throws {
        let guardian = try CrossSiteGuard(CrossSitePolicy())
        let session = Session.fresh()
        let token = session.csrfToken
        let refused: [(String?, CrossSiteRefusal.Kind)] = [
            (nil, .missingToken), ("", .missingToken), (Session.fresh().csrfToken, .wrongToken),
        ]
        for (token, reason) in refused {
            let refusal = #expect(throws: CrossSiteRefusal.self) { try guardian.check(token: token, in: session) }
            #expect(refusal?.kind == reason)
        }
        try guardian.check(token: token, in: session)
    }

    @Test func theSecretIsNotShown() {
        let token = CrossSiteToken(using: .system)
        var dumped = ""
        dump(token, to: &dumped)
        #expect("\(token) \(dumped)".contains("\(token.secret)") == false)
    }

    @Test func withoutASecretKeyTheCommitSaysSo() async throws {
        let manager = try SessionManager(keys: nil)
        let session = try await manager.open([])
        _ = session.csrfToken
        await #expect(throws: SessionError(.noSecretKey, "")) { try await manager.commit(session) }
    }
}
