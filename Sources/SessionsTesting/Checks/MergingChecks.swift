// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// No update is lost.
enum MergingChecks {
    static let all = [
        StoreCheck("a thousand parallel increments make a thousand", increments),
        StoreCheck("keys that are written in parallel all survive", keys),
        StoreCheck("a change and a removal of another key in parallel both survive", changeAndRemoval),
    ]

    private static func increments(_ trial: StoreTrial) async throws {
        let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        // Every request opens the session before the first one commits, so all but one start from an outdated version.
        let requests = try await trial.inParallel(1000) { _ in try await visitor.open() }
        _ = try await trial.inParallel(requests.count) { index in
            requests[index].update("n", default: 0) { $0 += 1 }
            _ = try await visitor.sessions.commit(requests[index])
        }
        let count: Int? = try await visitor.open()["n"]
        trial.expect(count == 1000, "a thousand increments make 1000; they made \(count.map(String.init) ?? "nothing")")
    }

    private static func keys(_ trial: StoreTrial) async throws {
        let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let requests = try await trial.inParallel { _ in try await visitor.open() }
        _ = try await trial.inParallel { index in
            requests[index]["key\(index)"] = .int(index)
            _ = try await visitor.sessions.commit(requests[index])
        }
        let session = try await visitor.open()
        let lost = requests.indices.filter { session["key\($0)"] != .int($0) }
        trial.expect(lost.isEmpty, "all \(requests.count) keys survive; \(lost.count) are lost")
        trial.expect(session["user"] == "alice", "what was there before survives")
    }

    private static func changeAndRemoval(_ trial: StoreTrial) async throws {
        for _ in 0..<10 {
            let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
            let requests = [try await visitor.open(), try await visitor.open()]
            _ = try await trial.inParallel(2) { index in
                if index == 0 { requests[0]["cart"] = ["apple"] } else { requests[1].pop("user") }
                _ = try await visitor.sessions.commit(requests[index])
            }
            let session = try await visitor.open()
            // If the removal came first, it has ended the session, and the change was dropped.
            let isEither = session["cart"] == ["apple"] || session.isEmpty
            trial.expect(
                isEither && session["user"] == nil, "a key that was removed stays away, and the other is whole")
        }
    }
}
