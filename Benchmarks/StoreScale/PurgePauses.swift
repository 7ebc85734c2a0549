// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// How long a ``MemoryStore`` keeps a request waiting while it purges: the slowest of the reads that run meanwhile.
///
/// By turns with them another store is read, whose locks no purge takes: what such a read waits for is the machine.
struct PurgePauses {
    /// How many sessions live; as many again have expired.
    let count: Int

    func run() async throws {
        let store = MemoryStore()
        let population = Population(store: store)
        try await population.fill(0..<self.count, isExpired: false)
        try await population.fill(self.count..<(2 * self.count), isExpired: true)
        let other = MemoryStore()
        try await Population(store: other).fill(0..<self.count, isExpired: false)
        let quiet = try self.readTimes(in: store, beside: other, population) { $0 < 200_000 }
        let isPurging = Atomic(true)
        async let busy = self.readTimes(in: store, beside: other, population) { _ in
            isPurging.load(ordering: .relaxed)
        }
        let time = ContinuousClock().measure {
            while store.removeExpired(at: population.now, limit: PurgeSchedule().batch) > 0 {}
        }
        isPurging.store(false, ordering: .relaxed)
        let times = try await busy
        guard !times.purged.isEmpty else { throw Failure(description: "so few are purged before a read begins") }
        guard store.count == self.count else { throw Failure(description: "the purge left \(store.count)") }
        print("\(self.count) expired among \(self.count) live: purged in \(time)")
        self.report("without a purge", quiet.purged)
        self.report("while it ran", times.purged)
        self.report("from the other store meanwhile", times.other)
    }

    private func readTimes(
        in store: MemoryStore, beside other: MemoryStore, _ population: Population, while goesOn: (Int) -> Bool
    ) throws -> (purged: [Duration], other: [Duration]) {
        var times = (purged: [Duration](), other: [Duration]())
        while goesOn(times.purged.count) {
            let id = try population.id(times.purged.count * 7_368_787 % self.count)
            times.purged.append(try self.readTime(of: id, in: store, at: population.now))
            times.other.append(try self.readTime(of: id, in: other, at: population.now))
        }
        return (times.purged.sorted(), times.other.sorted())
    }

    private func readTime(of id: SessionID, in store: MemoryStore, at now: Date) throws -> Duration {
        let start = ContinuousClock.now
        guard store.read(id, at: now) != nil else { throw Failure(description: "a live session is gone") }
        return .now - start
    }

    private func report(_ when: String, _ times: [Duration]) {
        func microseconds(_ place: Double) -> String {
            String(format: "%.1f µs", times[Int(Double(times.count - 1) * place)] / .microseconds(1))
        }
        print(
            "a read \(when): \(microseconds(0.5)) in the middle, \(microseconds(0.9999)) of 9,999 in 10,000, "
                + "\(microseconds(1)) at most (\(times.count) reads)")
    }
}
