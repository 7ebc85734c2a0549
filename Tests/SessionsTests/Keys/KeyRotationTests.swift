// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

/// Keys change in three phases on servers that go through them one after the other, and nobody is logged out.
@Suite struct KeyRotationTests {
    @Test(arguments: KeySite.Kind.allCases, [60, 300, 600, 3599])
    func nobodyIsLoggedOut(_ kind: KeySite.Kind, secondsBetweenVisits seconds: Int) async throws {
        let site = KeySite(kind)
        let (one, two) = (try site.process(KeySite.before), try site.process(KeySite.before))
        var cookie = try await site.signedIn(one).cookie
        func visits(_ count: Int, writing: Bool) async throws {
            for visit in 0..<count {
                site.clock.advance(by: .seconds(seconds))
                var visitor = site.visitor(visit % 2 == 0 ? one : two, with: cookie)
                try await visitor.visit { session in
                    #expect(session["user"] == "alice")
                    if writing { session["visit"] = .int(visit) }
                }
                cookie = visitor.cookie
            }
        }
        for keys in [KeySite.accept, KeySite.sign] {
            try one.reload(keys: keys)
            try await visits(4, writing: true)
            try await visits(4, writing: false)
            try two.reload(keys: keys)
            try await visits(4, writing: seconds > 600)
        }
        // One idle time after the last server signs with the new key, the old one may go.
        try await visits(3600 / seconds + 1, writing: false)
        try one.reload(keys: KeySite.retire)
        try two.reload(keys: KeySite.retire)
        try await visits(4, writing: false)
    }

    @Test(arguments: KeySite.Kind.allCases)
    func processesInDifferentPhasesReadEachOthersCookies(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let first = try site.process(KeySite.accept)
        let second = try site.process(KeySite.sign)
        let (fromFirst, fromSecond) = (try await site.signedIn(first), try await site.signedIn(second))
        #expect(try await site.visitor(second, with: fromFirst.cookie).look("user") == "alice")
        #expect(try await site.visitor(first, with: fromSecond.cookie).look("user") == "alice")
        // Without the first phase somebody would have been logged out.
        let unprepared = try site.process(KeySite.before)
        #expect(try await site.visitor(unprepared, with: fromSecond.cookie).look("user") == nil)
    }

    @Test(arguments: KeySite.Kind.allCases)
    func aRetiredKeyIsRefused(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let visitor = try await site.visitorFromBeforeTheNewKey()
        #expect(try await visitor.look("user") == "alice")
        try visitor.sessions.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == nil)
        #expect(site.log.text.contains("bad_signature") || site.log.text.contains("unknown_key"))
    }

    /// What docs/KEYS.md promises: a tenth of the idle time after it was signed, at the latest, a cookie in use is sent
    /// again.
    @Test(arguments: KeySite.Kind.allCases)
    func aCookieUnderAnOldKeyIsSentAgainAfterATenthOfTheIdleTime(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        var visitor = try await site.visitorFromBeforeTheNewKey()
        site.clock.advance(by: .seconds(360))
        #expect(try await visitor.visit { _ = $0["user"] }.setCookie != nil)
        try visitor.sessions.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == "alice")
    }

    @Test(arguments: KeySite.Kind.allCases.filter { $0 != .flask && $0 != .flaskSession })
    func beforeThatNothingIsSent(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        var visitor = try await site.visitorFromBeforeTheNewKey()
        site.clock.advance(by: .seconds(359))
        #expect(try await visitor.visit { _ = $0["user"] }.setCookie == nil)
    }

    @Test(arguments: KeySite.Kind.allCases)
    func aWriteSendsACookieUnderTheNewKeyAtOnce(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        var visitor = try await site.visitorFromBeforeTheNewKey()
        try await visitor.visit { $0["more"] = 1 }
        try visitor.sessions.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == "alice")
    }

    /// The cookie would open, and the contents would not.
    @Test func encryptedContentsMoveToTheNewKeyWithAMereTouch() async throws {
        let site = KeySite(.encrypted)
        var visitor = try await site.visitorFromBeforeTheNewKey()
        site.clock.advance(by: .seconds(360))
        try await visitor.visit()
        try visitor.sessions.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func encryptedContentsMoveWithoutChangesThatWereTakenBack() async throws {
        let site = KeySite(.encrypted)
        var visitor = try await site.visitorFromBeforeTheNewKey()
        site.clock.advance(by: .seconds(360))
        try await visitor.visit { session in
            session["draft"] = 1
            session.isModified = false
        }
        try visitor.sessions.reload(keys: KeySite.retire)
        #expect(try await visitor.look("user") == "alice")
        #expect(try await visitor.look("draft") == nil)
    }
}
