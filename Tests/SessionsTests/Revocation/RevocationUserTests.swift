// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// All sessions of a user, and all but one.
@Suite struct RevocationUserTests {
    @Test func everySessionOfAUserEnds() async throws {
        let site = try RevocationSite()
        let (ada, phone, bob) = (
            try await site.signedIn(), try await site.signedIn(), try await site.signedIn(as: "bob")
        )
        try await site.sessions.revokeAll(of: "ada")
        #expect(try await site.user(of: ada) == nil)
        #expect(try await site.user(of: phone) == nil)
        #expect(try await site.user(of: bob) == "bob")
    }

    @Test func whoSignsInAgainInTheSameMillisecondIsSignedIn() async throws {
        let site = try RevocationSite()
        for _ in 0..<3 {
            let before = try await site.signedIn()
            try await site.sessions.revokeAll(of: "ada")
            let after = try await site.signedIn()
            #expect(try await site.user(of: before) == nil)
            #expect(try await site.user(of: after) == "ada")
        }
    }

    @Test func theCurrentSessionStaysAndAllOthersEnd() async throws {
        let site = try RevocationSite()
        var (ada, phone) = (try await site.signedIn(), try await site.signedIn())
        // Twice in one millisecond.
        for _ in 0..<2 {
            let copy = ada
            let session = try await ada.open()
            try await site.sessions.revokeOthers(than: session)
            #expect(try await ada.commit(session).setCookie != nil)
            #expect(try await site.user(of: ada) == "ada")
            #expect(try await site.user(of: copy) == nil)
            #expect(try await site.user(of: phone) == nil)
            phone = try await site.signedIn()
            #expect(try await site.user(of: phone) == "ada")
        }
    }

    @Test func ofTwoThatEndEachOtherOneStays() async throws {
        let site = try RevocationSite()
        var (ada, phone) = (try await site.signedIn(), try await site.signedIn())
        let (first, second) = (try await ada.open(), try await phone.open())
        _ = (first.isEmpty, second.isEmpty)
        try await site.sessions.revokeOthers(than: first)
        try await site.sessions.revokeOthers(than: second)
        try await ada.commit(first)
        #expect(try await phone.commit(second).setCookie == nil)
        #expect(try await site.user(of: ada) == "ada")
        #expect(try await site.user(of: phone) == nil)
    }

    @Test func aRequestOnItsWayBringsNothingBack() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        for change in [{ $0.renew() }, { $0["n"] = 1 }] as [(Session) -> Void] {
            let session = try await visitor.open()
            change(session)
            try await site.sessions.revokeAll(of: "ada")
            #expect(try await visitor.commit(session).setCookie == nil)
            visitor = try await site.signedIn()
        }
    }

    @Test func anAnonymousSessionEndsNoOther() async throws {
        let site = try RevocationSite()
        let session = try await site.visitor().open()
        #expect(try await site.sessions.revokeOthers(than: session) == 0)
        #expect(site.list?.count == 0)
    }
}
