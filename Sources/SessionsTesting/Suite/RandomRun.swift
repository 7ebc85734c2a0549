// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Random operations on a store and on a ``StoreModel``, made from the suite's seed.
///
/// There are few ids and users, so that operations collide. Idle timeouts are short, so that records expire during the
/// run.
struct RandomRun {
    private let trial: StoreTrial
    private let ids: [SessionID]
    private let users: [String]
    private var model = StoreModel()
    private var generator: SeededGenerator
    private var now: Date
    /// The operations done, each with the index of its id; nil for an operation on all sessions.
    private var journal: [(key: Int?, text: String)] = []

    init(_ trial: StoreTrial) {
        self.trial = trial
        self.ids = (0..<6).map { _ in SessionID(using: .system) }
        self.users = (0..<3).map { _ in trial.newUser() }
        self.generator = SeededGenerator(seed: trial.settings.seed)
        // The run's time lies within a day of last month, so that records of other checks stay live.
        let isMovable = trial.settings.expiry == .byArgument
        self.now = isMovable ? trial.start.adding(.seconds(-30 * 86_400)) : trial.start
    }

    /// Does one operation; returns a report when the store and the model disagree.
    mutating func step() async throws -> String? {
        let key = self.random(self.ids.count)
        switch self.random(100) {
        case 0..<25: return try await self.read(key)
        case 25..<40: return try await self.write(key, replacing: nil)
        case 40..<65:
            return try await self.write(key, replacing: self.model.read(self.ids[key], at: self.now)?.version ?? 1)
        case 65..<70: return try await self.write(key, replacing: self.random(5))
        case 70..<75: return try await self.remove(key)
        case 75..<85: return try await self.list(self.random(self.users.count))
        case 85..<90: return try await self.purge()
        default: return self.advance()
        }
    }

    // MARK: - Operations

    private mutating func read(_ key: Int) async throws -> String? {
        self.note(key, "read")
        let found = try await self.trial.store.read(self.ids[key], at: self.now)
        return self.report(key, found: found, expected: self.model.read(self.ids[key], at: self.now))
    }

    private mutating func write(_ key: Int, replacing version: Int?) async throws -> String? {
        let record = self.newRecord(key, version: (version ?? 0) + 1)
        let user = record.user.flatMap { name in self.users.firstIndex(of: name) }.map { "user \($0)" } ?? "no user"
        let end = record.expiresAt.milliseconds - self.now.milliseconds
        self.note(key, "write replacing \(version.map(String.init) ?? "nothing"), \(user), ends in \(end) ms")
        let isDone = try await self.trial.store.write(record, replacing: version, at: self.now)
        let expected = self.model.write(record, replacing: version, at: self.now)
        if isDone != expected { return self.report(key, "the write gave \(isDone)") }
        return try await self.read(key)
    }

    private mutating func remove(_ key: Int) async throws -> String? {
        let present = self.model.read(self.ids[key], at: self.now)?.version
        // The contract leaves open what a removal by version gives after the record has expired, so it is not tried.
        let version = present.flatMap { [nil, $0, $0 + 1][self.random(3)] }
        self.note(key, "remove \(version.map { "version \($0)" } ?? "any version")")
        let isDone = try await self.trial.store.remove(self.ids[key], ifVersion: version)
        let expected = self.model.remove(self.ids[key], ifVersion: version)
        if isDone != expected { return self.report(key, "the removal gave \(isDone)") }
        return try await self.read(key)
    }

    private mutating func list(_ user: Int) async throws -> String? {
        self.note(nil, "list user \(user)")
        let listed = Set(try await self.trial.store.ids(ofUser: self.users[user], at: self.now))
        let expected = self.model.ids(ofUser: self.users[user], at: self.now)
        guard listed != expected else { return nil }
        let keys = self.ids.indices.filter { listed.contains(self.ids[$0]) }
        let wanted = self.ids.indices.filter { expected.contains(self.ids[$0]) }
        return self.report(nil, "user \(user) has the sessions \(keys), and \(wanted) were expected")
    }

    private mutating func purge() async throws -> String? {
        let limit = self.random(5)
        self.note(nil, "purge at most \(limit)")
        let count = try await self.trial.store.removeExpired(at: self.now, limit: limit)
        return (0...limit).contains(count) ? nil : self.report(nil, "the purge removed \(count)")
    }

    private mutating func advance() -> String? {
        guard self.trial.settings.expiry == .byArgument else { return nil }
        let step = [1, 10, 500, 1000, 4000][self.random(5)]
        self.note(nil, "\(step) ms go by")
        self.now = self.now.adding(.milliseconds(step))
        return nil
    }

    private mutating func newRecord(_ key: Int, version: Int) -> SessionRecord {
        let isMovable = self.trial.settings.expiry == .byArgument
        let idle = isMovable ? [1, 500, 1000, 10_000, 60_000][self.random(5)] : 3_600_000
        let end = isMovable && self.random(4) == 0 ? self.now.adding(.milliseconds(1 + self.random(10_000))) : nil
        let contents = (0..<self.random(40)).map { _ in UInt8(self.random(256)) }
        let user = self.random(4)
        return SessionRecord(
            id: self.ids[key], secretHash: Array(repeating: UInt8(key), count: 32), version: version,
            contents: contents,
            createdAt: self.now, idleTimeout: .milliseconds(idle), absoluteEnd: end,
            user: user < self.users.count ? self.users[user] : nil)
    }

    private mutating func random(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self.generator)
    }

    // MARK: - Reporting

    private mutating func note(_ key: Int?, _ text: String) {
        self.journal.append((key, text))
    }

    private func report(_ key: Int, found: SessionRecord?, expected: SessionRecord?) -> String? {
        switch (found, expected) {
        case (nil, nil): return nil
        case (_?, nil): return self.report(key, "there is a record, and none was expected")
        case (nil, _?): return self.report(key, "there is no record, and one was expected")
        case (let found?, let expected?):
            let differences = found.differences(from: expected)
            return differences.isEmpty ? nil : self.report(key, differences.joined(separator: "; "))
        }
    }

    /// A report of the disagreement and the last operations before it: those on the same session, or all of them.
    private func report(_ key: Int?, _ text: String) -> String {
        let steps = self.journal.filter { key == nil || $0.key == nil || $0.key == key }.suffix(40)
        let lines = steps.map { step in "\(step.key.map { "session \($0): " } ?? "")\(step.text)" }
        let head = "seed \(self.trial.settings.seed), operation \(self.journal.count): \(text), after"
        return ([head] + lines).joined(separator: "\n        ")
    }
}
