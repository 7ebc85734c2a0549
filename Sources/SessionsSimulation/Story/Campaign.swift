// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Many seeds, one after the other.
@MainActor
struct Campaign {
    private let options: Options
    let simulator: Simulator
    private let start = ContinuousClock.now
    /// Every run is done again so often: equal seeds must give equal fingerprints.
    private static let repetition: UInt64 = 100
    /// How many seeds are enough for everything to have happened.
    private static let longEnough = 2000

    init?(_ options: Options) {
        guard let simulator = Simulator() else {
            Complaint.end("this Swift runtime lets no program order its tasks.", status: 70)
        }
        self.options = options
        self.simulator = simulator
    }

    /// Simulates, prints what came of it, and ends the program: with status 1 after a finding.
    func run() -> Never {
        if !self.options.replayed.isEmpty { self.replay(self.options.replayed) }
        var seed = self.options.first
        var count = 0
        var trace = Trace()
        while self.hasTime(after: count) {
            let scenario = Scenario(seed: seed)
            let outcome = self.simulator.run(scenario, tells: self.options.tells && !self.options.isBrief)
            count += 1
            trace.add(outcome.fingerprint)
            trace.count += outcome.jobs
            if seed % Self.repetition == 0 || self.options.tells { self.demandSame(scenario, outcome) }
            if let finding = outcome.findings.first { self.stop(scenario, finding, after: count, trace) }
            if self.options.tells { Teller.tell(scenario, outcome, of: scenario.acts.count) }
            seed += 1
        }
        self.summarize(count, trace)
        if self.options.savePath != nil { Complaint.end("there is no finding to save", status: 1) }
        exit(self.isThorough(count) ? 0 : 1)
    }

    private func hasTime(after count: Int) -> Bool {
        if let most = self.options.count, count >= most { return false }
        return self.options.tells || self.seconds < self.options.seconds
    }

    private var seconds: Double {
        let (seconds, attoseconds) = self.start.duration(to: .now).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    private func demandSame(_ scenario: Scenario, _ outcome: Simulator.Outcome) {
        let again = self.simulator.run(scenario, tally: Tally())
        guard again.fingerprint != outcome.fingerprint else { return }
        print("seed \(scenario.seed) has run twice, and not in the same way: something is not decided by the seed.")
        exit(1)
    }

    private func stop(_ scenario: Scenario, _ finding: Finding, after count: Int, _ trace: Trace) -> Never {
        guard !self.options.isBrief else {
            print("found \(finding.promise) after \(count) seeds, seed \(scenario.seed)")
            exit(1)
        }
        self.summarize(count, trace)
        print("\nseed \(scenario.seed): a promise was not kept.\n  \(finding.promise.rawValue)\n  \(finding.text)")
        var shrinker = Shrinker(simulator: self.simulator)
        let smallest = shrinker.shrink(scenario, finding.promise)
        Teller.tell(smallest, self.simulator.run(smallest, tally: Tally(), tells: true), of: scenario.acts.count)
        if let path = self.options.savePath {
            SavedRun(promise: finding.promise.rawValue, finding: finding.text, scenario: smallest).write(path)
            print("saved as \(path)")
        }
        exit(1)
    }

    private func summarize(_ count: Int, _ trace: Trace) {
        let requests = self.simulator.tally.requests
        guard !self.options.isBrief else {
            print("found nothing after \(count) seeds and \(requests) requests")
            return
        }
        Teller.report(self.simulator.tally)
        print(
            """

            seeds \(self.options.first) to \(self.options.first + UInt64(max(count, 1)) - 1): \(count) runs, \(requests) requests \
            in \(Int(self.seconds.rounded())) s, \(Int(Double(requests) / max(self.seconds, 0.001))) requests a second
            \(trace.count) jobs of tasks; fingerprint of all runs \(String(trace.hash, radix: 16))
            """)
    }

    /// Whether everything has happened that a long run must show.
    private func isThorough(_ count: Int) -> Bool {
        guard count >= Self.longEnough, !self.options.isBrief else { return true }
        let tally = self.simulator.tally
        for event in tally.missing { print("never happened: \(event.rawValue)") }
        for promise in tally.unasked { print("never asked: \(promise.rawValue)") }
        return tally.missing.isEmpty && tally.unasked.isEmpty
    }
}
