// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import Synchronization
import Testing

/// A store in memory whose scan has one thing wrong in it.
private final class BrokenScanStore: ScannableSessionStore {
    enum Fault: CaseIterable {
        case missesTheLastOfAPage, listsTheExpired, ignoresTheLimit, takesAnyCursor, forgetsTheUser, missesTheUsed, uses
    }

    private let base = MemoryStore()
    private let fault: Fault
    private let written = Mutex<[SessionID: SessionRecord]>([:])

    init(_ fault: Fault) {
        self.fault = fault
    }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { self.base.read(id, at: now) }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        let isDone = self.base.write(record, replacing: version, at: now)
        if isDone { self.written.withLock { $0[record.id] = record } }
        return isDone
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { self.base.remove(id, ifVersion: version) }

    func removeExpired(at now: Date, limit: Int) -> Int { self.base.removeExpired(at: now, limit: limit) }

    func ids(ofUser user: String, at now: Date) -> [SessionID] { self.base.ids(ofUser: user, at: now) }

    func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) throws -> SessionPage {
        let isForeign = cursor.map { SessionID($0.description) == nil } ?? false
        let cursor = self.fault == .takesAnyCursor && isForeign ? nil : cursor
        let limit = self.fault == .ignoresTheLimit ? max(limit, 1) &+ 1 : limit
        var page = try self.base.scan(after: cursor, limit: limit, at: now)
        switch self.fault {
        case .missesTheLastOfAPage where page.next != nil: page.sessions.removeLast()
        case .listsTheExpired where cursor == nil:
            page.sessions = Array(
                (self.written.withLock { $0.values.filter { $0.isExpired(at: now) } }.map { SessionSummary($0) }
                    + page.sessions).prefix(max(limit, 1)))
        case .forgetsTheUser:
            page.sessions = page.sessions.compactMap { session in
                var record = self.base.read(session.id, at: now)
                record?.user = nil
                return record.map { SessionSummary($0) }
            }
        case .missesTheUsed: page.sessions.removeAll { $0.version > 5 }
        case .uses:
            for session in page.sessions {
                guard var record = self.base.read(session.id, at: now) else { continue }
                record.version += 1
                _ = self.write(record, replacing: session.version, at: now)
            }
        default: break
        }
        return page
    }
}

/// The suite finds what is wrong with a scan.
@Suite struct ScanFaultTests {
    @Test(
        arguments: [
            (.missesTheLastOfAPage, ["a scan lists every live session as it is"]),
            (.listsTheExpired, ["a scan lists no expired session and none that was removed"]),
            (.ignoresTheLimit, ["a page of a scan has at most its limit"]),
            (.takesAnyCursor, ["a scan goes on from the text of its cursor"]),
            (.forgetsTheUser, ["a scan lists every live session as it is"]),
            (.missesTheUsed, ["a scan beside writers lists every session that stays"]),
            (.uses, ["a scan changes no session"]),
        ] as [(BrokenScanStore.Fault, Set<String>)])
    private func theSuiteFindsTheFault(fault: BrokenScanStore.Fault, checks: Set<String>) async throws {
        let suite = SessionStoreSuite { BrokenScanStore(fault) }
        let scans = Set(suite.checkNames.filter { $0.contains("scan") })
        #expect(scans.count == 6)
        let failure = try #require(
            await #expect(throws: SessionStoreSuiteFailure.self) { try await suite.run(only: scans) })
        #expect(checks.isSubset(of: failure.failedChecks.map(\.name)), "\(failure)")
    }

    /// A store that cannot be scanned passes: the capability is optional.
    @Test func aStoreWithoutAScanPasses() async throws {
        let suite = SessionStoreSuite { CountingStore(MemoryStore()) }
        try await suite.run(only: Set(suite.checkNames.filter { $0.contains("scan") }))
    }

    /// A scan of sessions does not make them sessions whose cookie came back, which are evicted later than others.
    @Test func aScanIsNoUse() throws {
        let now = Date()
        let store = MemoryStore(maximumCount: 2)
        func record(_ seconds: Int) -> SessionRecord {
            SessionRecord(
                id: SessionID(using: .system), secretHash: [], createdAt: now, idleTimeout: .seconds(seconds))
        }
        let (scanned, used) = (record(200), record(100))
        for record in [scanned, used] { #expect(store.write(record, replacing: nil, at: now)) }
        _ = store.read(used.id, at: now)
        _ = try store.scan(after: nil, limit: 10, at: now)
        #expect(store.write(record(300), replacing: nil, at: now))
        #expect(store.read(scanned.id, at: now) == nil && store.read(used.id, at: now) != nil)
    }
}
