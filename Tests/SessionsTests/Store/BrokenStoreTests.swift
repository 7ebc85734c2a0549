// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Testing

private let someIDs = "a list of some of a user's sessions has as many as it may, and no others"

/// The suite must find what is wrong with a store, and say so by the name of a check.
@Suite struct BrokenStoreTests {
    @Test(
        arguments: [
            (
                .lastWriteWins,
                [
                    "a write that replaces another version changes nothing",
                    "of many writers of one version exactly one succeeds",
                    "concurrent reads, writes and removals of a session have an order",
                    "a thousand parallel increments make a thousand", "keys that are written in parallel all survive",
                ]
            ),
            (
                .resurrects,
                [
                    "a write that replaces a record that is not there changes nothing",
                    "no write that replaces a version brings a removed record back",
                    "writers that come after the end of a session do not bring it back",
                ]
            ),
            (
                .forgetsIdleExpiry,
                ["a record that has ended is absent", "a record ends at the millisecond of its idle limit"]
            ),
            (
                .forgetsAbsoluteExpiry,
                ["a record that has ended is absent", "a record ends at the millisecond of its absolute limit"]
            ),
            (.expiresOneMillisecondLate, ["a record ends at the millisecond of its idle limit"]),
            (.collisionOverwrites, ["an id that is taken is not overwritten"]),
            (.checksThenWrites, ["of many writers of one version exactly one succeeds"]),
            (.removesAnyVersion, ["a record of another version is not removed"]),
            (
                .keepsRemoved,
                [
                    "a session that is revoked ends, and no other does", "a record that was removed is gone",
                    "a copied cookie stops working after destroy()",
                    "a copied cookie stops working after a logout that removes the last value",
                ]
            ),
            (.purgesLive, ["a purge takes no live record"]),
            (.purgesOverTheLimit, ["a purge removes at most its limit"]),
            (.purgesNothing, ["a purge takes what has ended"]),
            (.listsTheExpired, ["a record that has ended is absent"]),
            (.listsTheUserBefore, ["the list follows signing in, changing the user and signing out"]),
            (.listsByCanonicalEquivalence, ["users are told apart by the bytes of their names"]),
            (
                .listsNobody,
                [
                    "a user's devices are listed, the last used first",
                    "revoking all sessions of a user ends them for their next requests",
                    "of sign-ins at once as many stand as a limit that refuses allows",
                    "of sign-ins at once as many stand as a limit that ends the oldest allows",
                ]
            ),
            (
                .listsOnlyWhoBeganSignedIn,
                [
                    "the list follows signing in, changing the user and signing out",
                    "a sign-in beyond the limit is refused and changes nothing", "of two sign-ins at once one stands",
                ]
            ),
            (.listsMoreThanAsked, [someIDs]), (.listsFewerThanThereAre, [someIDs]), (.listsNoneForZero, [someIDs]),
            (.keepsTextOnly, ["every byte may stand in the contents"]),
            (.losesMilliseconds, ["times are kept to the millisecond"]),
            (.takesEmptyForNone, ["an empty value is not the same as none"]),
            (
                .readsStale,
                [
                    "a write is seen by every read that begins after it",
                    "concurrent reads, writes and removals of a session have an order",
                ]
            ),
        ] as [(BrokenStore.Fault, [String])])
    func theSuiteFindsTheFault(fault: BrokenStore.Fault, checks: [String]) async throws {
        let suite = Self.suite(fault, seed: 1)
        let failure = try #require(await #expect(throws: SessionStoreSuiteFailure.self) { try await suite.run() })
        let names = failure.failedChecks.map(\.name)
        for check in names { #expect(failure.description.contains(check)) }
        #expect(suite.checkNames.count == failure.checkCount)
        let missed = await Self.missed(Set(checks).subtracting(names), fault)
        #expect(missed.isEmpty, "found only: \(names)")
    }

    /// The checks that do not find a fault with any of some further seeds.
    ///
    /// What happens between concurrent operations is up to the machine: with one seed a check may see an order of
    /// theirs in which the fault does no harm.
    private static func missed(_ checks: Set<String>, _ fault: BrokenStore.Fault) async -> Set<String> {
        var missed = checks
        for seed in 2...20 where !missed.isEmpty {
            do {
                try await Self.suite(fault, seed: UInt64(seed)).run(only: missed)
            } catch {
                missed.subtract(error.failedChecks.map(\.name))
            }
        }
        return missed
    }

    private static func suite(_ fault: BrokenStore.Fault, seed: UInt64) -> SessionStoreSuite {
        SessionStoreSuite(seed: seed, operations: 300, parallelism: 8) { BrokenStore(fault) }
    }

    @Test func theModelFindsEveryFaultOfASingleClient() async throws {
        let faults: [BrokenStore.Fault] = [
            .lastWriteWins, .resurrects, .forgetsIdleExpiry, .collisionOverwrites, .removesAnyVersion, .keepsRemoved,
            .listsTheExpired, .listsTheUserBefore, .keepsTextOnly, .readsStale,
        ]
        for fault in faults {
            let suite = SessionStoreSuite(seed: 1) { BrokenStore(fault) }
            let failure = await #expect(throws: SessionStoreSuiteFailure.self) {
                try await suite.run(only: ["random operations give what a simple model gives"])
            }
            #expect(failure?.checkCount == 1)
            let report = try #require(failure?.failedChecks.first?.expectations.first, "\(fault)")
            #expect(report.hasPrefix("seed 1, operation "))
            #expect(report.contains(" write replacing "))
        }
    }

    @Test func aNameThatIsNoChecksIsNotPassed() async throws {
        let suite = SessionStoreSuite { MemoryStore() }
        let name = "an id that is taken is not overwriten"
        let failure = await #expect(throws: SessionStoreSuiteFailure.self) {
            try await suite.run(only: [name, "a record that was removed is gone"])
        }
        #expect(failure?.failedChecks.map(\.name) == [name])
        #expect(failure?.checkCount == 2)
        try await suite.run(only: ["an id that is taken is not overwritten"])
        try await suite.run(only: [])
    }

    @Test func aStoreThatCannotBeMadeFailsEveryCheck() async throws {
        struct NoStore: Error {}
        let suite = SessionStoreSuite { throw NoStore() }
        let failure = await #expect(throws: SessionStoreSuiteFailure.self) { try await suite.run() }
        #expect(failure?.failedChecks.map(\.name) == suite.checkNames)
    }
}
