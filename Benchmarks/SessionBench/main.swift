// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

// What sessions cost inside the process, in nanoseconds of processor time.
//
//   swift run -c release SessionBench [--json] [--rounds N] [TEXT]
//
// With TEXT, only what has it in the name of its group or its own. `./bench` runs it with everything else.

let arguments = Array(CommandLine.arguments.dropFirst())
let isJSON = arguments.contains("--json")
let rounds = arguments.firstIndex(of: "--rounds").flatMap { Int(arguments.dropFirst($0 + 1).first ?? "") } ?? 15
let filter = arguments.last.flatMap { $0.hasPrefix("--") || Int($0) != nil ? nil : $0 }

/// Measures what was chosen, prints it, and says whether a goal was missed.
@MainActor func measure() async throws -> Bool {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dewar-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Sessions are compared with one HMAC: that takes out how fast the machine is at this moment.
    let floor = Floors.bareHMACs(bytes: 256, count: 1)
    var comparisons = Floors.all.map { Comparison($0) } + (try PartCosts.all())
    for place in SessionCosts.Place.allCases {
        for size in SessionCosts.sizes {
            comparisons += try await SessionCosts(place, size: size).all.map { Comparison($0, floor: floor) }
        }
    }
    comparisons += try await StoreCosts.all(in: folder).map { Comparison($0, floor: floor) }
    let chosen = comparisons.filter { comparison in
        filter.map { "\(comparison.workload.group): \(comparison.workload.name)".contains($0) } ?? true
    }
    let measurement = Measurement(rounds: rounds, turn: .milliseconds(10))
    var report = Report(isJSON: isJSON)
    for comparison in chosen { report.add(try await measurement.result(of: comparison)) }
    report.end()
    return report.hasShort
}

do {
    exit(try await measure() ? 1 : 0)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(2)
}
