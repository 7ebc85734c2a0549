// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Sessions

/// The policy as it is printed: what stands here is what a site documents.
@Suite struct SessionPolicyTests {
    @Test func theDefault() {
        #expect(
            SessionConfiguration.standard.policy == """
                Kept in             the cookie, encrypted
                Idle time           a session ends after 1 hour without use, counted from the last cookie that was sent
                Time in all         a session ends 24 hours after it began, or its user last proved who they are
                NIST SP 800-63B-4   within AAL1, AAL2; AAL3 has at most 15 minutes idle and at most 12 hours in all
                Sessions per user   any number
                New secret          at each sign-in, step-up and change of user there is another id, and the cookie before is \
                refused
                Revocation          at the next request in this process, as long as it runs
                Cookie              __Host-session; Secure; HttpOnly; Path=/; SameSite=Lax; kept when the browser closes \
                only for permanent sessions
                """)
    }

    @Test func aStoreWithALimit() {
        var configuration = SessionConfiguration.stored(in: MemoryStore())
        configuration.lifetime = .aal3
        configuration.sessionLimit = .endingOldest(5)
        configuration.renewalInterval = .seconds(3600)
        #expect(
            configuration.policy == """
                Kept in             a store; the cookie carries a signed id and a secret
                Idle time           a session ends after 15 minutes without use
                Time in all         a session ends 12 hours after it began, or its user last proved who they are
                NIST SP 800-63B-4   within AAL1, AAL2, AAL3
                Sessions per user   at most 5; a further sign-in ends the oldest
                New secret          at each sign-in, step-up and change of user, the one before ends at once; also every \
                1 hour, the one before is good for 30 seconds more
                Revocation          at the next request: signing out, here or everywhere, ends a session wherever its \
                cookie was copied to
                Cookie              __Host-session; Secure; HttpOnly; Path=/; SameSite=Lax; kept when the browser closes \
                only for permanent sessions
                """)
    }

    /// On the way into a store the cookies from before the move are there too.
    @Test(
        arguments: [
            ([.flask], nil, "; a copy of the cookie that it moved here from is good until that expires"),
            ([.sealed], .off, "; a copy of the cookie that it moved here from is good until that expires"),
            ([.sealed], .memory, "; a copy of the sealed cookie that it moved here from is rejected in this process"),
            (
                [.sealed], .shared(in: MemoryStore(), staleness: .seconds(10)),
                "; a copy of the sealed cookie that it moved here from is rejected within 10 seconds in every other process"
            ),
        ] as [([SessionFormat], SessionRevocations?, String)])
    func aStoreThatAcceptsCookies(formats: [SessionFormat], revocations: SessionRevocations?, text: String) {
        var configuration = SessionConfiguration.stored(in: MemoryStore())
        configuration.acceptedFormats = formats
        configuration.revocations = revocations
        configuration.sessionLimit = .endingOldest(5)
        #expect(configuration.policy.contains("wherever its cookie was copied to\(text)\n"))
        #expect(configuration.policy.contains("ends the oldest; one that moves here from its cookie ends no other\n"))
    }

    @Test(
        arguments: [
            (.memory, "at the next request in this process, as long as it runs"),
            (
                .shared(in: MemoryStore(), staleness: .seconds(10)),
                "at the next request, and within 10 seconds in every other process"
            ),
        ] as [(SessionRevocations, String)])
    func sealedCookiesWithAList(revocations: SessionRevocations, text: String) {
        var configuration = SessionConfiguration.standard
        configuration.revocations = revocations
        #expect(configuration.policy.contains("\nRevocation          \(text)\n"))
    }

    @Test func flask() {
        #expect(
            SessionConfiguration.flask.policy == """
                Kept in             the cookie, signed, which its owner can read
                Idle time           a session ends after 31 days without use, counted from the last cookie that was sent
                Time in all         no limit
                NIST SP 800-63B-4   within no level; AAL1 has at most 30 days in all; AAL2 has at most 1 hour idle and at \
                most 24 hours in all; AAL3 has at most 15 minutes idle and at most 12 hours in all
                Sessions per user   any number
                New secret          none; each sign-in, step-up and change of user sends another cookie
                Revocation          none: signing out deletes the cookie, and a copy of it is good until the times above \
                are over
                Cookie              session; HttpOnly; Path=/; kept when the browser closes only for permanent sessions
                """)
    }

    @Test func aLimitIsInEveryPolicyThatHasOne() {
        var configuration = SessionConfiguration.stored(in: MemoryStore())
        configuration.sessionLimit = .refusingNewest(2)
        #expect(configuration.policy.contains("at most 2; a further sign-in is refused"))
    }

    @Test(
        arguments: [
            (.seconds(60), "1 minute"), (.seconds(90), "90 seconds"), (.seconds(86400), "24 hours"),
            (.seconds(172_800), "2 days"), (.milliseconds(1500), "1500 milliseconds"), (.seconds(5400), "90 minutes"),
            (.zero, "0 milliseconds"),
        ] as [(Duration, String)])
    func aDurationIsToldInWholeUnits(duration: Duration, words: String) {
        #expect(duration.inWords == words)
    }

    @Test(arguments: [
        (SessionLifetime.aal1, "within AAL1; "), (.aal2, "within AAL1, AAL2; "), (.aal3, "within AAL1, AAL2, AAL3"),
        (SessionLifetime(idle: .seconds(3600)), "within no level; "),
        (SessionLifetime(idle: .seconds(3601), absolute: .seconds(86400)), "within AAL1; "),
        (SessionLifetime(idle: .seconds(86400), absolute: .seconds(600)), "within AAL1, AAL2, AAL3"),
    ])
    func thePresetsAreWithinTheirLevels(lifetime: SessionLifetime, beginning: String) {
        #expect(NISTComparison(idle: lifetime.idle, absolute: lifetime.absolute).text.hasPrefix(beginning))
    }
}
