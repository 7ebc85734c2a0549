// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A user's list has all of the user's sessions and no others.
enum UserIndexChecks {
    static let all = [
        StoreCheck("a user's sessions are listed, and nobody else's", listed),
        StoreCheck("the list follows signing in, changing the user and signing out", follows),
        StoreCheck("the list follows a session that is made anew", madeAnew),
        StoreCheck("the list follows writers in parallel", inParallel),
        StoreCheck("a list of some of a user's sessions has as many as it may, and no others", some),
    ]

    private static func listed(_ trial: StoreTrial) async throws {
        let (alice, bob) = (trial.newUser(), trial.newUser())
        try await Self.expect([], listedFor: alice, trial)
        let records = (0..<6).map { trial.record(user: [alice, bob, nil][$0 % 3]) }
        for record in records { try await trial.insert(record) }
        try await Self.expect([records[0], records[3]], listedFor: alice, trial)
        try await Self.expect([records[1], records[4]], listedFor: bob, trial)
        try await Self.expect([], listedFor: trial.newUser(), trial)
    }

    private static func follows(_ trial: StoreTrial) async throws {
        let (alice, bob) = (trial.newUser(), trial.newUser())
        var record = trial.record()
        try await trial.insert(record)
        for user in [alice, alice, bob, nil, bob, alice] {
            let next = record.successor { $0.user = user }
            let isDone = try await trial.write(next, replacing: record.version)
            trial.expect(isDone, "replacing the version that is there gives true")
            record = next
            try await Self.expect(user == alice ? [record] : [], listedFor: alice, trial)
            try await Self.expect(user == bob ? [record] : [], listedFor: bob, trial)
        }
        try await trial.store.remove(record.id)
        try await Self.expect([], listedFor: alice, trial)
    }

    private static func madeAnew(_ trial: StoreTrial) async throws {
        let (alice, bob) = (trial.newUser(), trial.newUser())
        var record = trial.record(user: alice)
        try await trial.insert(record)
        try await trial.store.remove(record.id)
        record.user = bob
        try await trial.insert(record)
        try await Self.expect([], listedFor: alice, trial)
        try await Self.expect([record], listedFor: bob, trial)
    }

    private static func inParallel(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let records = (0..<trial.settings.parallelism).map { _ in trial.record(user: user) }
        _ = try await trial.inParallel { try await trial.insert(records[$0]) }
        try await Self.expect(records, listedFor: user, trial)
        _ = try await trial.inParallel { index in
            if index % 2 == 0 {
                try await trial.store.remove(records[index].id)
            } else {
                _ = try await trial.write(records[index].successor(), replacing: 1)
            }
        }
        let left = records.indices.filter { $0 % 2 == 1 }.map { records[$0] }
        try await Self.expect(left, listedFor: user, trial)
    }

    private static func some(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let begin = trial.start.adding(.seconds(-100))
        let live = (0..<12).map { _ in trial.record(user: user) }
        let ended = (0..<6).map { _ in trial.record(user: user, at: begin, idle: .seconds(100)) }
        let removed = (0..<6).map { _ in trial.record(user: user) }
        for record in ended + removed + live + [trial.record(user: trial.newUser())] { try await trial.insert(record) }
        for record in removed { try await trial.store.remove(record.id) }
        for limit in [1, 5, 11, 12, 13, 1_000_000, .max, 0, -1, .min] {
            let count = min(max(limit, 1), live.count)
            let ids = try await trial.store.ids(ofUser: user, limit: limit, at: trial.start)
            trial.expect(
                ids.count == count && Set(ids).count == count,
                "of \(live.count) sessions, a list of \(limit) has \(count); it has \(ids.count), of which "
                    + "\(Set(ids).count) are different")
            let areLive = Set(live.map(\.id)).isSuperset(of: ids)
            trial.expect(areLive, "a list of \(limit) has live sessions of the user, and no others")
        }
    }

    private static func expect(_ records: [SessionRecord], listedFor user: String, _ trial: StoreTrial) async throws {
        let ids = try await trial.store.ids(ofUser: user, at: trial.start)
        trial.expect(Set(ids).count == ids.count, "no session is listed twice")
        let (missing, wrong) = (Set(records.map(\.id)).subtracting(ids), Set(ids).subtracting(records.map(\.id)))
        trial.expect(missing.isEmpty, "all \(records.count) sessions of the user are listed; \(missing.count) are not")
        trial.expect(wrong.isEmpty, "only sessions of the user are listed; \(wrong.count) others are")
    }
}
