// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsSupport

/// No event, however it is printed, holds a cookie, a secret, a key or what is in a session.
@Suite struct EventSecrecyTests {
    private static let value = "s3cret-content"

    private static func text(_ events: [SessionEvent]) throws -> String {
        var text = ""
        for event in events {
            text += "\(event) \(String(reflecting: event)) "
            dump(event, to: &text)
            text += String(decoding: try JSONEncoder().encode(event), as: UTF8.self)
        }
        return text
    }

    @discardableResult
    private static func expectSilence(
        _ events: SessionEvents, about cookies: [String], key: String
    ) throws -> String {
        let all = events.takeAll()
        #expect(
            Set(all.map(\.kind.name)).isSuperset(of: ["created", "renewed", "signed_in", "signed_out", "rejected"]))
        let text = try Self.text(all)
        #expect(!text.contains(Self.value))
        #expect(!text.contains(key.prefix(8)))
        for cookie in cookies {
            let token = cookie.drop { $0 != "=" }.dropFirst()
            for part in token.split(separator: ".") where part.count >= 8 { #expect(!text.contains(part.prefix(8))) }
        }
        return text
    }

    @Test(arguments: CookieEventTests.configurations)
    func inTheirCookies(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let events = site.manager.events
        var cookies = [try await site.cookie { $0["note"] = .string(Self.value) }]
        cookies.append(try await site.visit(cookies[0]) { $0.signIn(as: "alice") }.pair)
        try await site.visit(String(cookies[1].dropLast(5)) + "AAAAA") { _ = $0["note"] }
        try await site.visit(cookies[1]) { $0.signOut() }
        try Self.expectSilence(events, about: cookies, key: "0f3b8d21c4a97e65")
    }

    @Test func inAStore() async throws {
        let site = try StoreSite()
        let events = site.sessions.events
        var visitor = site.visitor()
        try await visitor.visit { $0["note"] = .string(Self.value) }
        let copy = visitor
        try await visitor.visit { $0.signIn(as: "alice") }
        let cookies = [try #require(copy.cookie), try #require(visitor.cookie)]
        let record = try #require(try await site.record(of: visitor))
        _ = try await copy.open()
        var leaving = visitor
        try await leaving.visit { $0.signOut() }
        site.clock.advance(by: .seconds(31))
        try await visitor.visit { $0["note"] = .string(Self.value) }
        let text = try Self.expectSilence(events, about: cookies, key: "0123456789abcdefghij")
        #expect(!text.contains(Hex.text(record.secretHash)))
    }

    @Test func sharedWithFlaskSession() async throws {
        let site = try FlaskSessionSite()
        let events = site.sessions.events
        var visitor = site.visitor()
        try await visitor.visit { $0["note"] = .string(Self.value) }
        let first = try #require(visitor.cookie)
        try await visitor.visit { $0.signIn(as: "alice") }
        let second = try #require(visitor.cookie)
        _ = try await site.visitor(cookie: first).open()
        try await visitor.visit { $0.signOut() }
        try Self.expectSilence(events, about: [first, second], key: "session:")
    }
}
