// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happened in the runs of a ``StoreSimulation`` that found nothing.
public struct StoreSimulationReport: Sendable, CustomStringConvertible {
    /// How many seeds were run.
    public private(set) var runs = 0
    /// How many calls came to the store.
    public private(set) var calls = 0
    /// How often each thing happened that must happen sometimes, by its description: a write that met another version,
    /// for example. What never happened is there with zero.
    ///
    /// That the engine behind the store failed is counted only for stores that use
    /// ``SimulatedMachine/engine(changes:_:)``.
    public private(set) var events: [String: Int]

    init() {
        self.events = Dictionary(uniqueKeysWithValues: StoreEventKind.allCases.map { ($0.rawValue, 0) })
    }

    mutating func add(_ outcome: StoreRunner.Outcome) {
        self.runs += 1
        self.calls += outcome.calls.count
        for (kind, count) in outcome.events { self.events[kind.rawValue, default: 0] += count }
    }

    /// A line with the counts, and one for each thing.
    public var description: String {
        let lines = StoreEventKind.allCases.map { "  \(self.events[$0.rawValue] ?? 0) times: \($0.rawValue)" }
        return (["\(self.runs) runs, \(self.calls) calls"] + lines).joined(separator: "\n")
    }
}
