// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// What clients cost that keep no cookie, so that each of their requests begins a session in a ``MemoryStore``.
struct BotFlood {
    let count: Int
    /// The store's maximum; nil for none.
    let maximum: Int?

    func run() throws {
        let store = MemoryStore(maximumCount: self.maximum)
        let population = Population(store: store, now: Date())
        let users = try (0..<(self.maximum ?? 0) / 2).map { try Self.record($0, user: "user \($0)", population) }
        for user in users { _ = store.write(user, replacing: nil, at: population.now) }
        let before = Self.residentBytes()
        let time = try ContinuousClock().measure {
            for number in users.count..<(users.count + self.count) {
                let record = try Self.record(number, user: nil, population)
                _ = store.write(record, replacing: nil, at: population.now)
            }
        }
        let lost = users.count { store.read($0.id, at: population.now) == nil }
        let each = String(format: "%.2f", time / .microseconds(1) / Double(self.count))
        let megabytes = String(format: "%.0f", Double(Self.residentBytes() - before) / 1e6)
        print(
            "\(self.count) sessions of bots, at most \(self.maximum.map(String.init) ?? "any number of") kept: \(each) µs "
                + "each, \(megabytes) MB more, \(store.count) there, \(lost) of \(users.count) signed out")
    }

    private static func record(_ number: Int, user: String?, _ population: Population) throws -> SessionRecord {
        SessionRecord(
            id: try population.id(number), secretHash: [UInt8](repeating: 7, count: 32),
            contents: [UInt8](repeating: 65, count: 100), createdAt: population.now, idleTimeout: .seconds(3600),
            user: user)
    }

    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}
