// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// Fills one store with few sessions and one with many, and does the same to both by turns, so that whatever else the
/// machine does meets both alike.
struct ScaleTest {
    let kind: StoreKind
    let small: Int
    let large: Int
    let expired: Int

    private let reads = 20_000
    private let batch = 500

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("StoreScale-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let few = Population(store: try self.kind.open("small", in: folder))
        let many = Population(store: try self.kind.open("large", in: folder))
        try await few.fill(0..<self.small, isExpired: false)
        try await many.fill(0..<self.large, isExpired: false)
        try await self.compareReads(few, many)
        try await self.comparePurges(few, many)
    }

    /// The median of reads all over the place. Each cookie has come back once before: a full store evicts others first, and
    /// so moves the session in its queues at the first read alone.
    private func compareReads(_ few: Population, _ many: Population) async throws {
        if case .memory = self.kind {
            for number in 0..<self.small { _ = try await few.read(number) }
            for number in 0..<self.large { _ = try await many.read(number) }
        }
        var times = (few: [Duration](), many: [Duration]())
        for step in 0..<self.reads {
            times.few.append(try await few.read(step * 7_368_787 % self.small))
            times.many.append(try await many.read(step * 7_368_787 % self.large))
        }
        let medians = (few: times.few.sorted()[self.reads / 2], many: times.many.sorted()[self.reads / 2])
        self.report("A read among", (self.small, medians.few), (self.large, medians.many))
    }

    /// All the purges of the expired among as many live ones, and among the large store's; the live stay.
    private func comparePurges(_ few: Population, _ many: Population) async throws {
        let live = (few: max(self.small, self.expired), many: max(self.large, self.expired))
        try await few.fill(self.small..<live.few, isExpired: false)
        try await many.fill(self.large..<live.many, isExpired: false)
        try await few.fill(live.few..<(live.few + self.expired), isExpired: true)
        try await many.fill(live.many..<(live.many + self.expired), isExpired: true)
        var times = (few: Duration.zero, many: Duration.zero)
        for removed in stride(from: 0, to: self.expired, by: self.batch) {
            let count = min(self.batch, self.expired - removed)
            times.few += try await few.purge(count)
            times.many += try await many.purge(count)
        }
        for population in [few, many] { _ = try await population.purge(0) }
        for number in 0..<live.few { _ = try await few.read(number) }
        for number in 0..<live.many { _ = try await many.read(number) }
        self.report("Purging \(self.expired) among", (live.few, times.few), (live.many, times.many))
    }

    private func report(_ what: String, _ few: (count: Int, time: Duration), _ many: (count: Int, time: Duration)) {
        let ratio = String(format: "%.2f", many.time / few.time)
        print(
            "\(what) \(few.count): \(Self.text(few.time)), among \(many.count): \(Self.text(many.time)), ratio \(ratio)"
        )
    }

    private static func text(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        return microseconds < 10_000
            ? String(format: "%.1f µs", microseconds) : String(format: "%.0f ms", microseconds / 1000)
    }
}
