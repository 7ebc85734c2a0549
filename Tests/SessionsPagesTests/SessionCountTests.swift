// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsPages

/// Counting goes only so far: a page of a site with a million sessions must not go through all of them.
@Suite struct SessionCountTests {
    /// A store whose scan never ends: each page has sessions, and takes a time.
    private struct EndlessStore: ScannableSessionStore {
        let clock: ManualClock
        let pause: Duration
        let base = MemoryStore()

        func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
            self.clock.advance(by: self.pause)
            let first = cursor.flatMap { Int($0.description) } ?? 0
            let sessions = (first..<first + limit).map { SessionSummary(SampleRecords.record($0, user: "robot")) }
            return SessionPage(sessions: sessions, next: SessionScanCursor("\(first + limit)"))
        }

        func read(_ id: SessionID, at now: Date) throws -> SessionRecord? { self.base.read(id, at: now) }
        func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
            self.base.write(record, replacing: version, at: now)
        }
        func remove(_ id: SessionID, ifVersion version: Int?) throws -> Bool {
            self.base.remove(id, ifVersion: version)
        }
        func removeExpired(at now: Date, limit: Int) throws -> Int { self.base.removeExpired(at: now, limit: limit) }
        func ids(ofUser user: String, at now: Date) throws -> [SessionID] { self.base.ids(ofUser: user, at: now) }
    }

    @Test(arguments: [(Duration.zero, 10_000), (.milliseconds(30), 1000), (.seconds(60), 250)])
    func theCountStopsAtANumberAndAfterATime(pause: Duration, sessions: Int) async throws {
        let clock = ManualClock()
        let count = try await SessionCount.count(
            in: EndlessStore(clock: clock, pause: pause), clock: clock.sessionClock)
        #expect(count.sessions == sessions && count.signedIn == sessions && count.users == 1 && !count.isComplete)
    }

    @Test func thePageSaysThatThereAreMore() async throws {
        let clock = ManualClock()
        let site = try OperatorSite(.stored(in: EndlessStore(clock: clock, pause: .milliseconds(30))))
        // The site's clock is another one, so that the number is the limit.
        let page = try await site.signedIn().page()
        #expect(page.contains("<dt>Live sessions</dt><dd>more than 10,000</dd>"))
    }
}
