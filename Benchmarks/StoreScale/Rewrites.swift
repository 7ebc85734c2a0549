// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// Whether a session costs the same when it has been written many times: each tenth of the writes is timed, with a read
/// before each write, as a request does it.
struct Rewrites {
    let store: any SessionStore
    let count: Int

    func run() async throws {
        let population = Population(store: self.store, now: Date())
        let id = try population.id(Int.random(in: 0..<1_000_000_000))
        var record = SessionRecord(
            id: id, secretHash: [UInt8](repeating: 7, count: 32), contents: [UInt8](repeating: 65, count: 200),
            createdAt: population.now, idleTimeout: .seconds(3600), user: "user")
        guard try await self.store.write(record, replacing: nil, at: population.now) else {
            throw Failure(description: "the id is taken")
        }
        var times: [Duration] = []
        for _ in 0..<10 {
            times.append(
                try await ContinuousClock().measure {
                    for _ in 0..<(self.count / 10) { try await self.rewrite(&record, at: population.now) }
                })
        }
        _ = try await self.store.remove(id, ifVersion: nil)
        let each = times.map { String(format: "%.0f", $0 / .microseconds(1) / Double(self.count / 10)) }
        let growth = String(format: "%.2f", times[9] / times[0])
        print(
            "\(self.count) writes of one session, µs each by tenths: \(each.joined(separator: " ")); growth \(growth)")
    }

    private func rewrite(_ record: inout SessionRecord, at now: Date) async throws {
        _ = try await self.store.read(record.id, at: now)
        let version = record.version
        record.version += 1
        // Its end moves with each use, as of a session that is used.
        record.lastUsedAt = record.lastUsedAt.addingTimeInterval(0.001)
        guard try await self.store.write(record, replacing: version, at: now) else {
            throw Failure(description: "the version was not replaced")
        }
    }
}
