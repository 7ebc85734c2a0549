// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// One of several clients that read, write and remove a session at once.
struct RandomClient {
    private let number: Int
    private let base: SessionRecord
    private let clock: EventClock
    /// Whether it creates the session when it finds none.
    private let creates: Bool
    private var generator: SeededGenerator
    /// The version that it last saw or wrote; nil for none.
    private var known: Int?

    init(number: Int, seed: UInt64, base: SessionRecord, clock: EventClock, creates: Bool = true) {
        self.number = number
        self.base = base
        self.clock = clock
        self.creates = creates
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func run(_ count: Int, on trial: StoreTrial) async throws -> [StoreEvent] {
        var events: [StoreEvent] = []
        for index in 0..<count {
            let began = self.clock.tick()
            let operation = try await self.operate(tag: 10 * self.number + index, on: trial)
            events.append(
                StoreEvent(client: self.number, began: began, ended: self.clock.tick(), operation: operation))
            if Bool.random(using: &self.generator) { await Task.yield() }
        }
        return events
    }

    private mutating func operate(tag: Int, on trial: StoreTrial) async throws -> StoreEvent.Operation {
        let die = Int.random(in: 0..<20, using: &self.generator)
        switch self.known == nil && !self.creates ? min(die, 7) : die {
        case 0..<8:
            let found = try await trial.read(self.base)
            self.known = found?.version
            return .read(found.map { StoreEvent.Seen(version: $0.version, tag: Int($0.contents.first ?? 255)) })
        case 8..<17:
            var record = self.base
            let version = self.known
            record.version = (version ?? 0) + 1
            record.contents = [UInt8(tag)]
            let isDone = try await trial.write(record, replacing: version)
            if isDone { self.known = record.version }
            return .write(replacing: version, tag: tag, isDone: isDone)
        case 17..<19:
            let version = self.known ?? 1
            return .remove(version: version, isDone: try await trial.store.remove(self.base.id, ifVersion: version))
        default:
            return .remove(version: nil, isDone: try await trial.store.remove(self.base.id, ifVersion: nil))
        }
    }
}
