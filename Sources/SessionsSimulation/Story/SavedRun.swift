// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsSupport

/// A run that has found something, made as small as it was found: a test from then on.
///
/// It holds the plan and not only its seed: what a seed stands for changes with every change of the plans. The order of
/// jobs changes with the program, too, so that a plan is replayed in many orders.
struct SavedRun: Codable {
    /// What was not kept.
    let promise: String
    /// What was found, in words.
    let finding: String
    let scenario: Scenario

    /// In how many orders a plan is replayed, that in which it was found among them.
    static let orders = 100

    static func read(_ path: String) -> SavedRun {
        do {
            return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            Complaint.end("\(path) holds no saved run: \(error)", status: 65)
        }
    }

    func write(_ path: String) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            Complaint.end("the run could not be written to \(path): \(error)", status: 73)
        }
    }
}

extension Campaign {
    /// Replays saved runs, prints what came of it, and ends the program: with status 1 after a finding.
    func replay(_ paths: [String]) -> Never {
        for path in paths {
            let saved = SavedRun.read(path)
            for order in 0..<SavedRun.orders {
                var scenario = saved.scenario
                scenario.seed &+= UInt64(order)
                let outcome = self.simulator.run(scenario)
                guard let finding = outcome.findings.first else { continue }
                print("\(path), order \(order): a promise was not kept.")
                print("  \(finding.promise.rawValue)\n  \(finding.text)")
                Teller.tell(
                    scenario, self.simulator.run(scenario, tally: Tally(), tells: true), of: scenario.acts.count)
                exit(1)
            }
        }
        print("replayed \(paths.count) saved runs, each in \(SavedRun.orders) orders, and found nothing")
        exit(0)
    }
}
