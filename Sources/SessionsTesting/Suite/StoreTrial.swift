// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The surroundings of a check: a store, the time, new records, and a list of failures.
final class StoreTrial: Sendable {
    let store: any SessionStore
    let settings: SuiteSettings
    /// The real time, because an engine that expires records itself uses its own clock. Other checks move on from this
    /// time, or begin before it.
    let start = Date().wholeMilliseconds

    private let found = Mutex<[String]>([])

    init(store: any SessionStore, settings: SuiteSettings) {
        self.store = store
        self.settings = settings
    }

    // MARK: - Expecting

    var failures: [String] { self.found.withLock { $0 } }

    func fail(_ expectation: String) {
        // A broken store fails the same expectation over and over.
        self.found.withLock { if $0.count < 5 { $0.append(expectation) } }
    }

    func expect(_ holds: Bool, _ expectation: @autoclosure () -> String) {
        if !holds { self.fail("expected: \(expectation())") }
    }

    /// Expects a record that is the same as another, byte for byte.
    func expect(_ record: SessionRecord?, equals expected: SessionRecord, _ what: @autoclosure () -> String) {
        guard let record else { return self.fail("\(what()): there is no record") }
        for difference in record.differences(from: expected) { self.fail("\(what()): \(difference)") }
    }

    // MARK: - Doing

    /// A new record, live at the start.
    func record(
        user: String? = nil, contents: [UInt8] = Array("contents".utf8), at time: Date? = nil,
        idle: Duration = .seconds(3600), absoluteEnd: Date? = nil
    ) -> SessionRecord {
        SessionRecord(
            id: SessionID(using: .system), secretHash: SessionRandom.system.bytes(32), contents: contents,
            createdAt: time ?? self.start, idleTimeout: idle, absoluteEnd: absoluteEnd, user: user)
    }

    /// Stores a new record, and expects that this succeeds.
    func insert(_ record: SessionRecord, at time: Date? = nil) async throws {
        let isDone = try await self.store.write(record, replacing: nil, at: time ?? record.createdAt)
        self.expect(isDone, "writing a new record gives true")
    }

    func read(_ record: SessionRecord, at time: Date? = nil) async throws -> SessionRecord? {
        try await self.store.read(record.id, at: time ?? self.start)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at time: Date? = nil) async throws -> Bool {
        try await self.store.write(record, replacing: version, at: time ?? self.start)
    }

    func isListed(_ record: SessionRecord, under user: String, at time: Date? = nil) async throws -> Bool {
        try await self.store.ids(ofUser: user, at: time ?? self.start).contains(record.id)
    }

    /// A user's name that no other check and no earlier run has used.
    func newUser() -> String { "user-\(SessionID(using: .system))" }

    /// Purges until nothing is left to purge, and returns how many records were removed.
    func purge(at time: Date, limit: Int = 1000) async throws -> Int {
        var total = 0
        for _ in 0..<10_000 {
            let count = try await self.store.removeExpired(at: time, limit: limit)
            self.expect(
                (0...limit).contains(count), "a purge of at most \(limit) records removes so many; it said \(count)")
            total += count
            guard count >= limit else { return total }
        }
        self.fail("expected: a purge comes to an end")
        return total
    }

    /// Runs `body` so many times, at most `parallelism` of them at once, and returns the results in order.
    func inParallel<Result: Sendable>(
        _ count: Int? = nil, _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        let width = self.settings.parallelism
        let count = count ?? width
        return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [(Int, Result)] = []
            for index in 0..<count {
                if index >= width, let result = try await group.next() { results.append(result) }
                group.addTask { (index, try await body(index)) }
            }
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
