// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsDirectory
@testable import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Numbers in a record come from outside: a store that somebody else can write to may hold any. None stops the process.
@Suite struct RecordArithmeticTests {
    /// Puts a record in the place of a visitor's.
    private static func replace(
        _ visitor: SiteVisitor, on site: StoreSite, _ change: (inout SessionRecord) -> Void
    ) async throws {
        var record = try #require(try await site.record(of: visitor))
        let version = record.version
        change(&record)
        #expect(try await site.store.write(record, replacing: version, at: site.clock.now))
    }

    /// A write would add one to it.
    @Test(arguments: [Int.max, .max - 1])
    func aSessionOfTheLastVersionIsNone(_ version: Int) async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await Self.replace(visitor, on: site) { $0.version = version }
        #expect(try await visitor.look("user") == nil)
        try await visitor.visit { $0["user"] = "bob" }
        #expect(try await visitor.look("user") == "bob")
    }

    @Test func theVersionBeforeIsWrittenOnceMore() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await Self.replace(visitor, on: site) { $0.version = .max - 2 }
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await visitor.open().isNew)
    }

    /// It has got there while a request was on its way, whose changes are made again on what is there.
    @Test func aRequestThatMeetsTheLastVersionFails() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        session["n"] = 1
        try await Self.replace(visitor, on: site) { $0.version = .max }
        await #expect(throws: SessionError(.storeUnavailable, "")) {
            var late = visitor
            try await late.commit(session)
        }
        #expect(site.log.text.contains(StoreFault.lastVersion.rawValue))
    }

    @Test func aCopiedCookieOfARecordOfTheLastVersionIsRefused() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let thief = visitor
        try await visitor.visit { $0.renew() }
        try await Self.replace(visitor, on: site) { $0.version = .max }
        site.clock.advance(by: .seconds(60))
        #expect(try await thief.open().isNew)
    }

    @Test func signingOutEndsARecordOfTheLastVersion() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        session.destroy()
        try await Self.replace(visitor, on: site) { $0.version = .max }
        try await visitor.commit(session)
        #expect(try await site.store.ids(ofUser: "alice", at: site.clock.now).isEmpty)
        #expect(visitor.cookie == nil)
    }

    /// Times and lengths of time at the ends of what the format holds.
    @Test(arguments: [Int.min, .min + 1, -1, 0, .max - 1, .max])
    func timesMayBeAnyNumber(_ number: Int) async throws {
        let time = Date(milliseconds: number)
        let changes: [(inout SessionRecord) -> Void] = [
            { $0.createdAt = time }, { $0.renewedAt = time }, { $0.lastUsedAt = time }, { $0.authenticatedAt = time },
            { $0.graceEnd = time }, { $0.absoluteEnd = time }, { $0.idleTimeout = .milliseconds(number) },
            { record in
                (record.createdAt, record.lastUsedAt, record.absoluteEnd) = (time, time, time)
                record.idleTimeout = .milliseconds(number)
            },
        ]
        for change in changes {
            let site = try StoreSite {
                $0.renewalInterval = .seconds(60)
                $0.sessionLimit = .endingOldest(1)
            }
            var visitor = try await site.signedIn()
            try await Self.replace(visitor, on: site, change)
            try await visitor.visit { session in
                session.isPermanent = true
                session.signIn(as: "alice")
            }
            try await visitor.visit { $0["n"] = 1 }
            #expect(try await visitor.look("n") == 1)
        }
    }

    /// A list of revocations adds how long a segment lives to the time.
    @Test func aSegmentMayLiveForAnyTime() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let one = try RevocationSite(RevocationSite.shared(store), clock: clock)
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        let id = try #require(store.ids(ofUser: RevocationSegment.user, at: clock.now).first)
        var record = try #require(store.read(id, at: clock.now))
        record.idleTimeout = Duration.milliseconds(Int.max)
        #expect(store.write(record, replacing: record.version, at: clock.now))
        clock.advance(by: .seconds(1))
        let two = try RevocationSite(RevocationSite.shared(store), clock: clock)
        #expect(try await two.user(of: visitor) == nil)
    }

    /// Names in a store's folder that no time has.
    @Test(arguments: ["7fffffffffffffff", "-7fffffffffffffff", "fffffffffff"])
    func aFolderOfAnotherProgramIsNoTime(_ name: String) {
        #expect(ExpiryMarker.number(name) == nil)
        #expect(ExpiryMarker.number("0000000000") == 0)
        let last = ExpiryMarker.folder(of: ExpiryMarker.slot(at: .distantFuture))
        let path = ExpiryMarker.path(ofFolder: last)
        #expect(path.split(separator: "/").last.flatMap { ExpiryMarker.number(String($0)) } == last)
    }

    /// The name of a marker is its slot and its id, in small hex digits.
    @Test func aMarkerOfAnotherProgramIsNone() {
        let id = String(repeating: "5a", count: 16)
        #expect(ExpiryMarker(name: "3f\(id)", folder: 7)?.slot == 7 * 64 + 63)
        for name in ["3F\(id)", "+5\(id)", "3f\(id.uppercased())", "40\(id)", "5\(id)"] {
            #expect(ExpiryMarker(name: name, folder: 7) == nil)
        }
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300, 9e18])
    func theEndOfAKeyMayBeAnyTime(_ seconds: Double) {
        #expect(KeyFileDate.text(Date(timeIntervalSince1970: seconds)) == "never")
    }
}
