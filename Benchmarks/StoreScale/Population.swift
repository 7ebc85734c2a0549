// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// The sessions of a store: live ones by number from 0, and expired ones after them.
struct Population {
    let store: any SessionStore
    var now = Date(timeIntervalSince1970: 1_700_000_000)
    /// The sessions from this number on are of one user, `robot`.
    var firstOfRobot = Int.max

    /// Writes the sessions of these numbers, some at a time.
    func fill(_ numbers: Range<Int>, isExpired: Bool, width: Int = 8) async throws {
        let past = self.now.addingTimeInterval(-10_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<width {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + worker, to: numbers.upperBound, by: width) {
                        let record = try self.record(number, isExpired: isExpired)
                        guard try await self.store.write(record, replacing: nil, at: past) else {
                            throw Failure(description: "a write failed")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Reads one; there has to be one.
    func read(_ number: Int) async throws -> Duration {
        let id = try self.id(number)
        let start = ContinuousClock.now
        guard try await self.store.read(id, at: self.now) != nil else {
            throw Failure(description: "a live session is gone")
        }
        return .now - start
    }

    /// Purges as many as may go at once: so many have to.
    func purge(_ count: Int) async throws -> Duration {
        let start = ContinuousClock.now
        let removed = try await self.store.removeExpired(at: self.now, limit: 500)
        guard removed == count else { throw Failure(description: "the purge removed \(removed), not \(count)") }
        return .now - start
    }

    /// Ids that look random; the multipliers are odd, and so no two are the same.
    func id(_ number: Int) throws -> SessionID {
        let words = [UInt64(number) &* 0x9E37_79B9_7F4A_7C15, UInt64(number) &* 0xBF58_476D_1CE4_E5B9]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        guard let id = SessionID(bytes: bytes) else { throw Failure(description: "sixteen bytes are no id") }
        return id
    }

    /// Bytes that look random, as hashes and tokens do, and that no compression makes much of.
    private static func noise(_ number: Int, count: Int) -> [UInt8] {
        var state = UInt64(number)
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// Live sessions end within the next 30 days, expired ones ended within the last hour; one in four is somebody's.
    private func record(_ number: Int, isExpired: Bool) throws -> SessionRecord {
        let seconds = isExpired ? -(number % 3600) - 1 : number * 7919 % 2_592_000 + 1
        return SessionRecord(
            id: try self.id(number), secretHash: Self.noise(number, count: 32),
            contents: Self.noise(number, count: 200).map { UInt8(ascii: "A") + $0 % 26 },
            createdAt: self.now.addingTimeInterval(-20_000_000),
            lastUsedAt: self.now.addingTimeInterval(Double(seconds - 600)), idleTimeout: .seconds(600),
            user: number >= self.firstOfRobot ? "robot" : number % 4 == 0 ? "user \(number)" : nil)
    }
}
