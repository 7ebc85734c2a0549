// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store that can be scanned lists every live session, in pages. For any other store there is nothing to check.
enum ScanChecks {
    static let all = [
        StoreCheck("a scan lists every live session as it is", everySession),
        StoreCheck("a scan lists no expired session and none that was removed", noOtherSession),
        StoreCheck("a page of a scan has at most its limit", limit),
        StoreCheck("a scan goes on from the text of its cursor", cursorText),
        StoreCheck("a scan beside writers lists every session that stays", besideWriters),
        StoreCheck("a scan changes no session", noChange),
    ]

    private typealias Store = any ScannableSessionStore

    /// All pages of a scan.
    private static func scan(
        _ store: Store, limit: Int = 1000, _ trial: StoreTrial, between: (SessionPage) async throws -> Void = { _ in }
    ) async throws -> [SessionSummary] {
        var (found, cursor) = ([SessionSummary](), SessionScanCursor?.none)
        for _ in 0..<1_000_000 {
            let page = try await store.scan(after: cursor, limit: limit, at: trial.start)
            trial.expect(
                page.sessions.count <= min(max(limit, 1), 1000),
                "a page of at most \(limit) sessions has no more; it has \(page.sessions.count)")
            found += page.sessions
            guard let next = page.next else { return found }
            cursor = next
            try await between(page)
        }
        trial.fail("expected: a scan comes to an end")
        return found
    }

    private static func everySession(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        let user = trial.newUser()
        var records = (0..<60).map { number in
            trial.record(
                user: number % 2 == 0 ? user : nil, contents: [UInt8](repeating: 7, count: number * 40),
                at: trial.start.adding(.seconds(-number)))
        }
        records[1].deviceLabel = "Firefox on Linux"
        records[2].authenticatedAt = trial.start
        records[3].absoluteEnd = trial.start.adding(.seconds(60))
        for record in records { try await trial.insert(record) }
        records[0] = records[0].successor { $0.lastUsedAt = trial.start.adding(.seconds(1)) }
        _ = try await trial.write(records[0], replacing: 1)
        let found = try await Self.scan(store, limit: 7, trial)
        for record in records {
            let summary = SessionSummary(record)
            trial.expect(found.contains(summary), "a scan lists \(summary)")
        }
    }

    private static func noOtherSession(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        let begin = trial.start.adding(.seconds(-100))
        let expired = (0..<10).map { trial.record(at: begin, idle: .seconds(100 - $0)) }
        let removed = (0..<10).map { _ in trial.record() }
        let last = trial.record(at: begin, idle: .milliseconds(100_001))
        for record in expired + removed + [last] { try await trial.insert(record) }
        for record in removed { try await store.remove(record.id) }
        let ids = Set(try await Self.scan(store, limit: 3, trial).map(\.id))
        trial.expect(ids.isDisjoint(with: expired.map(\.id)), "a scan lists no session that has ended")
        trial.expect(ids.isDisjoint(with: removed.map(\.id)), "a scan lists no session that was removed")
        // An engine with a clock of its own may have removed it by now.
        guard trial.settings.expiry == .byArgument else { return }
        trial.expect(ids.contains(last.id), "a scan lists a session in its last millisecond")
    }

    private static func limit(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        for _ in 0..<12 { try await trial.insert(trial.record()) }
        for limit in [1, 2, 5, 1_000_000, .max] { _ = try await Self.scan(store, limit: limit, trial) }
        for limit in [0, -1, .min] {
            let page = try await store.scan(after: nil, limit: limit, at: trial.start)
            trial.expect(page.sessions.count <= 1, "a limit of \(limit) counts as 1")
            trial.expect(page.next != nil, "a page of one session is followed by another")
        }
    }

    private static func cursorText(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        let records = (0..<12).map { _ in trial.record() }
        for record in records { try await trial.insert(record) }
        var (ids, cursor) = (Set<SessionID>(), SessionScanCursor?.none)
        repeat {
            let page = try await store.scan(after: cursor, limit: 5, at: trial.start)
            ids.formUnion(page.sessions.map(\.id))
            cursor = page.next.map { SessionScanCursor($0.description) }
        } while cursor != nil
        trial.expect(ids.isSuperset(of: records.map(\.id)), "a cursor that was written as text and read leads on")
        for text in ["", "no cursor", "//", "x/0/", "0123", "/0/0123", "/-1/", String(repeating: "g", count: 32)] {
            do {
                _ = try await store.scan(after: SessionScanCursor(text), limit: 5, at: trial.start)
                trial.fail("expected: the cursor \"\(text)\" is refused")
            } catch is InvalidScanCursor {}
        }
    }

    /// Between any two pages, sessions begin and end, and all that stay are written.
    private static func besideWriters(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        var staying = (0..<40).map { _ in trial.record() }
        var leaving = (0..<40).map { _ in trial.record() }
        for record in staying + leaving { try await trial.insert(record) }
        var rounds = 0
        let found = try await Self.scan(store, limit: 9, trial) { _ in
            rounds += 1
            guard rounds <= 15 else { return }
            for index in staying.indices {
                // Longer each time: a store may move what has grown.
                let next = staying[index].successor { $0.contents += [UInt8](repeating: 1, count: 60) }
                let isDone = try await trial.write(next, replacing: staying[index].version)
                trial.expect(isDone, "a session is written beside a scan")
                staying[index] = next
            }
            if let last = leaving.popLast() { try await store.remove(last.id) }
            for _ in 0..<4 { try await trial.insert(trial.record()) }
        }
        trial.expect(rounds > 1, "the scan has several pages")
        let missing = Set(staying.map(\.id)).subtracting(found.map(\.id))
        trial.expect(missing.isEmpty, "every session that stays is listed; \(missing.count) are not")
    }

    private static func noChange(_ trial: StoreTrial) async throws {
        guard let store = trial.store as? Store else { return }
        let user = trial.newUser()
        let records = (0..<10).map { _ in trial.record(user: user) }
        for record in records { try await trial.insert(record) }
        _ = try await Self.scan(store, trial)
        for record in records {
            trial.expect(try await trial.read(record), equals: record, "a session after a scan")
            trial.expect(try await trial.write(record.successor(), replacing: 1), "its version is what it was")
        }
    }
}
