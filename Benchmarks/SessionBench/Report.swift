// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// Prints what was measured: a line each for a reader, or one JSON array for a program.
struct Report {
    private struct Entry: Encodable {
        struct Floor: Encodable {
            let name: String
            let nanoseconds: Double
        }

        let group: String
        let name: String
        let nanoseconds: Double
        let floor: Floor?
        let ratio: Double?
        let goal: Double?
        let allocations: Double?
    }

    let isJSON: Bool
    private(set) var hasShort = false
    private var entries: [Entry] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    mutating func add(_ result: Measurement.Result) {
        let workload = result.comparison.workload
        self.hasShort = self.hasShort || result.isShort
        guard self.isJSON else { return self.print(result) }
        let floor = result.comparison.floor.flatMap { floor in
            result.floor.map { Entry.Floor(name: floor.name, nanoseconds: $0) }
        }
        self.entries.append(
            Entry(
                group: workload.group, name: workload.name, nanoseconds: result.nanoseconds, floor: floor,
                ratio: result.ratio, goal: result.comparison.goal, allocations: result.allocations))
    }

    private func print(_ result: Measurement.Result) {
        let workload = result.comparison.workload
        var line = "\(workload.group): \(workload.name)".padding(toLength: 52, withPad: " ", startingAt: 0)
        line += String(format: "%9.0f ns", result.nanoseconds)
        if let allocations = result.allocations { line += String(format: "%7.1f allocations", allocations) }
        if let floor = result.comparison.floor, let ratio = result.ratio {
            line += String(format: "  %.2f times %@", ratio, floor.name)
        }
        if let goal = result.comparison.goal { line += " (goal \(goal): \(result.isShort ? "short" : "ok"))" }
        Swift.print(line)
    }

    /// Prints the array, where it is one.
    func end() {
        guard self.isJSON else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(self.entries) else { return }
        Swift.print(String(decoding: data, as: UTF8.self))
    }
}
