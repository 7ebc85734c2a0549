// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsSupport

/// Neither logs nor what is at rest let anybody in.
@Suite struct StoreSecrecyTests {
    @Test func noLogAndNoRecordShowsACookieOrASecret() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var visitor = try await site.signedIn()
        var shown: [String] = []
        var cookies: [String] = []
        for step in 0..<6 {
            let session = try await visitor.open()
            shown += ["\(session)", String(reflecting: session)]
            if let record = try await site.record(of: visitor) {
                shown.append("\(record)")
                dump(record, to: &shown[shown.count - 1])
            }
            cookies.append(try #require(visitor.cookie))
            session["step"] = .int(step)
            if step == 3 { session.renew() }
            try await visitor.commit(session)
            site.clock.advance(by: .seconds(400))
        }
        try await self.provokeLogs(site, visitor)
        let text = site.log.text + shown.joined()
        #expect(Set(cookies).count > 2)
        for cookie in cookies { try self.expectHidden(cookie, in: text) }
    }

    /// Each way to have a cookie refused, a write dropped, and the store fail.
    private func provokeLogs(_ site: StoreSite, _ visitor: SiteVisitor) async throws {
        let cookie = try #require(visitor.cookie)
        _ = try await site.visitor(cookie: cookie + "x").open()
        let (late, leaving) = (try await visitor.open(), try await visitor.open())
        leaving.destroy()
        late["late"] = true
        _ = try await site.sessions.commit(leaving, logger: site.log.logger)
        _ = try await site.sessions.commit(late, logger: site.log.logger)
        _ = try await visitor.open()
        site.outages.mode = .unreachable
        await #expect(throws: SessionError.self) { try await visitor.open() }
        for word in ["bad_signature", "dropped", "unknown_session", "the session store failed"] {
            #expect(site.log.text.contains(word))
        }
    }

    private func expectHidden(_ cookie: String, in text: String) throws {
        let value = try #require(cookie.split(separator: "=", maxSplits: 1).last)
        let parts = value.split(separator: ".")
        let ticket = try #require(Base64.decodeURLSafe(ArraySlice(parts[0].utf8)))
        let secret = Array(ticket[16...])
        for part in parts { #expect(!text.contains(part)) }
        #expect(!text.contains(Hex.text(secret)))
        #expect(!text.contains("\(secret)".dropFirst().dropLast()))
        #expect(!text.contains(String(decoding: Base64.encodeURLSafe(secret), as: UTF8.self)))
    }

    /// Worse than a stolen store: the thief can sign, too.
    @Test func whatIsAtRestOpensNothingEvenWithTheSecretKey() async throws {
        let site = try StoreSite()
        let record = try #require(try await site.record(of: try await site.signedIn()))
        let coder = SessionTicketCoder(keys: StoreSite.keys, cookieName: "__Host-session")
        for bytes in [record.secretHash, record.id.bytes + record.id.bytes, Array(repeating: 0, count: 32)] {
            let ticket = SessionTicket(id: record.id, secret: SessionSecret(bytes: bytes[...]))
            let session = try await site.visitor(cookie: "__Host-session=" + coder.encode(ticket)).open()
            #expect(session.isNew && session.isEmpty)
        }
        #expect(site.log.text.contains("wrong_secret"))
    }

    @Test func anUnknownIDThatIsSignedIsNotAdopted() async throws {
        let site = try StoreSite()
        let coder = SessionTicketCoder(keys: StoreSite.keys, cookieName: "__Host-session")
        let ticket = SessionTicket(id: SessionID(using: .system), secret: SessionSecret(using: .system))
        var visitor = site.visitor(cookie: "__Host-session=" + coder.encode(ticket))
        try await visitor.visit { $0["user"] = "alice" }
        #expect(try #require(try await site.record(of: visitor)).id != ticket.id)
        #expect(try await site.store.read(ticket.id, at: site.clock.now) == nil)
    }

    @Test func aTicketForAnotherCookieNameIsRefused() async throws {
        let site = try StoreSite()
        let coder = SessionTicketCoder(keys: StoreSite.keys, cookieName: "session")
        let ticket = SessionTicket(id: SessionID(using: .system), secret: SessionSecret(using: .system))
        _ = try await site.visitor(cookie: "__Host-session=" + coder.encode(ticket)).open()
        #expect(site.store.callCount == 0)
    }
}
