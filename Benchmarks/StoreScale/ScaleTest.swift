// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// Fills a store twice, with few sessions and with many, and does the same to both.
struct ScaleTest {
    /// What one store costs.
    private struct Costs {
        var count: Int
        var fill: Duration
        var read: Duration
        var purge: Duration
    }

    let choice: StoreChoice
    let small: Int
    let large: Int
    let expired: Int

    private let now = Date(timeIntervalSince1970: 1_700_000_000)
    private let reads = 20_000
    private let clock = ContinuousClock()

    func run() async throws {
        guard !self.choice.isTaken else {
            FileHandle.standardError.write(Data("There is something at that path already; give another.\n".utf8))
            exit(2)
        }
        let small = try await self.costs(live: self.small)
        let large = try await self.costs(live: self.large)
        print("sessions     fill, each   read, median   purging \(self.expired) expired")
        for costs in [small, large] {
            print(
                Self.padded("\(costs.count)", 11), Self.text(costs.fill), "  ", Self.text(costs.read), "      ",
                Self.text(costs.purge))
        }
        print(
            "ratio      ", Self.ratio(large.fill, small.fill), "  ", Self.ratio(large.read, small.read), "      ",
            Self.ratio(large.purge, small.purge))
    }

    /// The reads come before the expired are there, the purge after: of `expired` among as many live ones if those are few.
    private func costs(live: Int) async throws -> Costs {
        let store = try self.choice.open()
        defer { try? self.choice.remove() }
        let fill = try await self.clock.measure { try await self.fill(store, 0..<live, isExpired: false) }
        let read = try await self.medianRead(store, live: live)
        // The yardstick: among 10,000 live ones, and among 1,000,000.
        let all = max(live, self.expired)
        if all > live { try await self.fill(store, live..<all, isExpired: false) }
        try await self.fill(store, all..<(all + self.expired), isExpired: true)
        let purge = try await self.clock.measure { try await self.purge(store) }
        for number in stride(from: 0, to: all, by: max(all / 1000, 1)) {
            guard try await store.read(self.id(number), at: self.now) != nil else {
                throw Failure("a live session is gone")
            }
        }
        return Costs(count: live, fill: fill / live, read: read, purge: purge)
    }

    private func fill(_ store: any SessionStore, _ range: Range<Int>, isExpired: Bool) async throws {
        let past = self.now.addingTimeInterval(-10_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in range where number % 8 == worker {
                        let record = try self.record(number, isExpired: isExpired)
                        guard try await store.write(record, replacing: nil, at: past) else {
                            throw Failure("a write failed")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func medianRead(_ store: any SessionStore, live: Int) async throws -> Duration {
        var times: [Duration] = []
        var number = 0
        for _ in 0..<self.reads {
            // All over the place, and the same places each time.
            number = (number + 7_368_787) % live
            let id = try self.id(number)
            let start = self.clock.now
            guard try await store.read(id, at: self.now) != nil else { throw Failure("a session is not there") }
            times.append(self.clock.now - start)
        }
        return times.sorted()[times.count / 2]
    }

    private func purge(_ store: any SessionStore) async throws {
        var removed = 0
        while removed < self.expired {
            let batch = try await store.removeExpired(at: self.now, limit: 500)
            guard batch > 0 else { throw Failure("the purge stopped after \(removed)") }
            removed += batch
        }
        guard try await store.removeExpired(at: self.now, limit: 500) == 0 else { throw Failure("a live session went") }
    }

    /// Ids that look random; the multiplier is odd, and so no two are the same.
    private func id(_ number: Int) throws -> SessionID {
        let words = [UInt64(number) &* 0x9E37_79B9_7F4A_7C15, UInt64(number) &* 0xBF58_476D_1CE4_E5B9]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        guard let id = SessionID(bytes: bytes) else { throw Failure("sixteen bytes are no id") }
        return id
    }

    /// Live sessions end within the next 30 days, expired ones ended within the last hour; one in four is somebody's.
    private func record(_ number: Int, isExpired: Bool) throws -> SessionRecord {
        let seconds = isExpired ? -(number % 3600) - 1 : number * 7919 % 2_592_000 + 1
        return SessionRecord(
            id: try self.id(number), secretHash: [UInt8](repeating: 7, count: 32),
            contents: [UInt8](repeating: UInt8(ascii: "x"), count: 200),
            createdAt: self.now.addingTimeInterval(-20_000_000),
            lastUsedAt: self.now.addingTimeInterval(Double(seconds - 600)), idleTimeout: .seconds(600),
            user: number % 4 == 0 ? "user \(number)" : nil)
    }

    private static func text(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        let text =
            microseconds < 10_000
            ? String(format: "%.1f µs", microseconds) : String(format: "%.0f ms", microseconds / 1000)
        return Self.padded(text, 11)
    }

    private static func ratio(_ large: Duration, _ small: Duration) -> String {
        Self.padded(String(format: "%.2f", large / small), 11)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}

private struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
