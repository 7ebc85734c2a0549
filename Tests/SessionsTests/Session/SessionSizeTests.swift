// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsValues

/// What a visitor makes grow has an end, and costs no more than its size.
@Suite struct SessionSizeTests {
    private func site(limit: Int? = nil) throws -> RevocationSite {
        try RevocationSite(nil) {
            $0.store = MemoryStore()
            if let limit { $0.storedSizeLimit = limit }
        }
    }

    private static let tooLarge = SessionError(.sessionTooLarge, "")

    @Test func theLimitIsAMebibyteUnlessSet() {
        #expect(SessionConfiguration.stored(in: MemoryStore()).storedSizeLimit == 1_048_576)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try self.site(limit: 0) }
    }

    @Test func aCommitBeyondItStoresNothingAndLosesNothing() async throws {
        let site = try self.site(limit: 2000)
        var visitor = try await site.signedIn()
        let error = await #expect(throws: SessionError.self) {
            try await visitor.visit { $0["text"] = .string(String(repeating: "x", count: 2000)) }
        }
        #expect(error?.kind == .sessionTooLarge)
        #expect(error?.message.contains("sizeLimit is 2000") == true)
        #expect(error?.message.contains("xxx") == false)
        #expect(try await visitor.look("text") == nil)
        #expect(try await site.user(of: visitor) == "ada")
        try await visitor.visit { $0["text"] = .string(String(repeating: "x", count: 1900)) }
        #expect(try await visitor.look("text") != nil)
    }

    @Test func aSessionDoesNotBeginBeyondIt() async throws {
        let site = try self.site(limit: 2000)
        var visitor = site.visitor()
        await #expect(throws: Self.tooLarge) {
            try await visitor.visit { $0["text"] = .string(String(repeating: "x", count: 2000)) }
        }
        #expect(visitor.cookie == nil)
    }

    @Test func messagesThatNobodyTakesReachTheLimit() async throws {
        let site = try self.site(limit: 2000)
        var visitor = try await site.signedIn()
        await #expect(throws: Self.tooLarge) {
            for _ in 0..<100 { try await visitor.visit { $0.flash("Saved") } }
        }
        #expect(try await visitor.open().flashedMessages().count > 10)
        try await visitor.visit { _ = $0.flashedMessages() }
        try await visitor.visit { $0.flash("Saved") }
        #expect(try await site.user(of: visitor) == "ada")
    }

    /// The limit was set when the session was larger already.
    @Test func whatIsTooLargeCanBeMadeSmallerAndEnded() async throws {
        let store = MemoryStore()
        let before = try RevocationSite(nil) { $0.store = store }
        var visitor = before.visitor()
        try await visitor.visit {
            $0["_user_id"] = "ada"
            for number in 0..<10 { $0["n\(number)"] = .string(String(repeating: "x", count: 1000)) }
        }
        let site = try RevocationSite(nil, clock: before.clock) {
            $0.store = store
            $0.storedSizeLimit = 2000
        }
        visitor = site.visitor(cookie: visitor.cookie)
        try await visitor.visit { $0.pop("n0") }
        await #expect(throws: Self.tooLarge) {
            try await visitor.visit { $0["more"] = .string(String(repeating: "x", count: 1000)) }
        }
        site.clock.advance(by: .seconds(600))
        try await visitor.visit()
        #expect(try await visitor.look("n0") == nil)
        try await visitor.visit { $0.pop("_user_id") }
        #expect(try await site.user(of: visitor) == nil)
        try await visitor.visit { $0.signOut() }
        #expect(visitor.cookie == nil)
    }

    @Test func aFlaskSessionRecordHasTheLimitToo() async throws {
        let site = try FlaskSessionSite { $0.flaskSession?.sizeLimit = 500 }
        var visitor = try await site.signedIn()
        await #expect(throws: Self.tooLarge) {
            try await visitor.visit { $0["text"] = .string(String(repeating: "x", count: 500)) }
        }
        #expect(try await visitor.look("user") == "alice")
    }

    /// Each message was copied with all others when one was added.
    @Test(.timeLimit(.minutes(1))) func manyMessagesCostNoMoreThanTheirNumber() {
        let session = Session.fresh(["a": 1])
        for number in 0..<100_000 { session.flash(.int(number % 1000)) }
        #expect(session.flashedMessages().count == 100_000)
        #expect(!session.contains("_flashes"))
    }

    /// Each message was compared with all others when they were taken: 40,000, in a signed cookie of 3 KB, cost a second,
    /// and these would take minutes.
    @Test(.timeLimit(.minutes(1))) func takingManyMessagesCostsNoMoreThanTheirNumber() {
        let message = SessionValue.tuple(["message", ""])
        let session = Session.fresh(["a": 1, "_flashes": .list(Array(repeating: message, count: 400_000))])
        #expect(session.flashedMessages().count == 400_000)
        #expect(!session.contains("_flashes"))
    }

    /// Messages that another request adds between are kept, the number of equal ones too.
    @Test func takingLeavesWhatCameMeanwhile() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        try await visitor.visit { session in
            for text in ["a", "b", "a"] { session.flash(.string(text)) }
        }
        var other = visitor
        let taking = try await visitor.open()
        #expect(taking.flashedMessages().count == 3)
        try await other.visit { session in
            for text in ["a", "c"] { session.flash(.string(text)) }
        }
        try await visitor.commit(taking)
        #expect(try await visitor.open().flashedMessages().map(\.message) == ["a", "c"])
    }
}
