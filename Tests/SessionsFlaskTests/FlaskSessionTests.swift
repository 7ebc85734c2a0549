// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// Sessions that a Flask application shares: how long they live, and what this side leaves of what the other wrote.
@Suite struct FlaskSessionTests {
    @Test func aPollDoesNotKeepARecordAlive() async throws {
        let site = try FlaskSessionSite { $0.lifetime.idle = .seconds(3600) }
        var visitor = try await site.signedIn()
        for _ in 0..<2 {
            site.clock.advance(by: .seconds(1799))
            try await visitor.visit { session in
                session.countsAsUse = false
                #expect(session["user"] == "alice")
                #expect(session.timeLeft == nil)
            }
        }
        site.clock.advance(by: .seconds(3))
        #expect(try await visitor.look("user") == nil)
    }

    /// `{"_permanent": True, "user": "bob", "seen": {1: datetime with microseconds in 2300}, "n": 1}`, with a key that
    /// is no text and an integer in a longer form than needed.
    private static let foreign: [UInt8] =
        [0x84] + text("_permanent") + [0xC3] + text("user") + text("bob")
        + text("seen") + [0x81, 0x01] + [0xD7, 0xFF, 0x00, 0x00, 0x0F, 0xA2, 0x6C, 0xB5, 0xD6, 0x01]
        + text("n") + [0xCD, 0x00, 0x01]
    private static let id = "l3pJVTgIVkIL4tg8TVqVNMhsut7h-BGS12uI6q32AZo"

    private static func text(_ text: String) -> [UInt8] { [0xA0 | UInt8(text.utf8.count)] + Array(text.utf8) }

    @Test func aSessionIsGoneWhenItsTimeIsOver() async throws {
        let site = try FlaskSessionSite { $0.lifetime.idle = .seconds(60) }
        let visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(59))
        #expect(try await visitor.look("user") == "alice")
        site.clock.advance(by: .seconds(1))
        #expect(try await visitor.look("user") == nil)
        #expect(site.log.text.contains("unknown_session"))
    }

    @Test func everyUseGivesTheSessionItsTimeAnew() async throws {
        let site = try FlaskSessionSite { $0.lifetime.idle = .seconds(60) }
        var visitor = try await site.signedIn()
        for _ in 0..<3 {
            site.clock.advance(by: .seconds(59))
            let headers = try await visitor.visit()
            #expect(headers.setCookie?.contains("; Expires=") == true)
        }
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func withoutRefreshOnlyAChangeGivesTimeAnew() async throws {
        let site = try FlaskSessionSite {
            $0.lifetime.idle = .seconds(60)
            $0.refresh = .never
        }
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(40))
        #expect(try await visitor.visit { _ = $0["user"] }.setCookie == nil)
        try await visitor.visit { $0["n"] = 1 }
        site.clock.advance(by: .seconds(40))
        #expect(try await visitor.look("n") == 1)
        try await visitor.visit { _ = $0["user"] }
        site.clock.advance(by: .seconds(20))
        #expect(try await visitor.look("n") == nil)
    }

    @Test func whatIsNotChangedStaysToTheByte() async throws {
        let site = try FlaskSessionSite()
        site.storage["session:" + Self.id] = Self.foreign
        var visitor = site.visitor(cookie: "session=" + Self.id)
        #expect(try await visitor.look("user") == "bob")
        try await visitor.visit { _ = $0["seen"] }
        #expect(site.storage["session:" + Self.id] == Self.foreign)
        try await visitor.visit { $0["more"] = true }
        #expect(site.storage["session:" + Self.id] == [0x85] + Self.foreign.dropFirst() + Self.text("more") + [0xC3])
        try await visitor.visit { $0["n"] = 2 }
        let written = Array(Self.foreign.dropFirst().dropLast(3)) + [0x02] + Self.text("more") + [0xC3]
        #expect(site.storage["session:" + Self.id] == [0x85] + written)
    }

    @Test func clearingKeepsTheSessionPermanent() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let headers = try await visitor.visit {
            $0.removeAll()
            $0["user"] = "bob"
        }
        #expect(headers.setCookie?.contains("; Expires=") == true)
        #expect(try await visitor.open().entries == ["_permanent": true, "user": "bob"])
        let temporary = try await visitor.visit { $0.isPermanent = false }
        #expect(temporary.setCookie?.contains("Expires") == false)
        try await visitor.visit {
            $0.removeAll()
            $0["user"] = "eve"
        }
        #expect(try await visitor.open().entries == ["_permanent": false, "user": "eve"])
    }

    @Test func anEmptiedSessionIsRemovedWithItsCookie() async throws {
        let endings: [(Session) -> Void] = [{ $0.pop("user") }, { $0.removeAll() }, { $0.destroy() }]
        for ending in endings {
            let site = try FlaskSessionSite()
            var visitor = try await site.signedIn()
            let headers = try await visitor.visit(ending)
            #expect(headers.setCookie?.hasPrefix("session=; ") == true)
            #expect(site.storage.keys.isEmpty)
        }
    }

    @Test func destroyBeginsAnotherSession() async throws {
        let site = try FlaskSessionSite { $0.flaskSession?.startsPermanent = false }
        var visitor = try await site.signedIn()
        let old = FlaskSessionSite.key(of: visitor)
        try await visitor.visit {
            $0.isPermanent = true
            $0.destroy()
            $0["user"] = "bob"
        }
        #expect(site.storage[old] == nil)
        #expect(site.storage.keys == [FlaskSessionSite.key(of: visitor)])
        #expect(try await visitor.open().entries == ["user": "bob"])
    }

    @Test func renewingMovesTheContentsToANewID() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let before = visitor
        try await visitor.visit { $0.renew() }
        #expect(visitor.cookie != before.cookie)
        #expect(try await visitor.look("user") == "alice")
        #expect(try await before.look("user") == nil)
        #expect(site.storage.keys == [FlaskSessionSite.key(of: visitor)])
    }

    @Test func flashedMessagesCrossRequests() async throws {
        for serialization in [FlaskSessionSerialization.messagePack, .json] {
            let site = try FlaskSessionSite { $0.flaskSession?.serialization = serialization }
            var visitor = site.visitor()
            try await visitor.visit { $0.flash("Saved", category: "info") }
            let session = try await visitor.open()
            #expect(session.flashedMessages() == [FlashMessage("Saved", category: "info")])
            try await visitor.commit(session)
            #expect(site.storage.keys.isEmpty)
        }
    }

    @Test func bothFormatsAreReadAndTheConfiguredOneIsWritten() async throws {
        let site = try FlaskSessionSite { $0.flaskSession?.serialization = .json }
        let key = "session:" + Self.id
        site.storage[key] = [0x81] + Self.text("user") + Self.text("bob")
        var visitor = site.visitor(cookie: "session=" + Self.id)
        try await visitor.visit { $0["n"] = 1 }
        #expect(site.storage[key] == Array(#"{"user":"bob","n":1}"#.utf8))
    }
}
