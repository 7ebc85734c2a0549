// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
public import Sessions
public import SessionsTesting

/// Runs a session store under every order of events that a seed can think of, and holds it to its contract.
///
/// Concurrent clients read, write, remove, list and purge a few sessions of the store. Their calls come late, twice, or
/// long after the client has given up, and clients hang up while the store works. The seed decides all of it: who does
/// what when, what goes wrong, and also the order in which Swift runs the store's tasks, so that another one may come
/// in at each call and return of an `async` function. Time is the run's own: hours take milliseconds.
///
/// ```swift
/// @Test func myStoreKeepsItsContractInEveryOrder() async throws {
///     try await StoreSimulation { _ in [MyStore()] }.run()
/// }
/// ```
///
/// What is checked is the contract of `SessionStore`: that an order of the calls explains all answers, so that no
/// update is lost and what was removed stays removed; that a record ends at its millisecond; that it is read as it was
/// written; and that users' lists are complete. A seed that finds something is run again with fewer and fewer acts, and
/// what is left is told: ``StoreSimulationFailure``. `StoreSimulation(seed:runs:)` with its seed runs it once more.
///
/// A store on real input and output cannot be simulated: a socket, a file, a database's client, a queue, a thread,
/// `Task.sleep` and the main actor answer on threads that no seed decides about, and so does `Task.yield()` in a task
/// that the store begins itself. A store that waits for one of them fails with that reason. What can be simulated runs
/// in Swift's tasks alone: an actor, or a class with a lock, that keeps its records in memory or behind
/// ``SimulatedMachine/engine(changes:_:)``. So simulate what your store does of its own, its caches, retries, indexes
/// and orders of writes, with a table in the place of the engine; test it on the engine with `SessionStoreSuite`.
///
/// If the order in which a store calls others depends on a `Set` or a `Dictionary`, set
/// `SWIFT_DETERMINISTIC_HASHING=1` for the tests. Other tests of the program may run at the same time. Simulations run
/// one after the other.
public struct StoreSimulation: Sendable {
    /// The first seed.
    public var seed: UInt64
    /// How many seeds to run, from the first one on.
    public var runs: Int
    /// Which clock decides when the store's records expire: the time that a call passes, or the machine's clock.
    public var expiry: SessionStoreExpiry

    private let makeStores: @Sendable (SimulatedMachine) async throws -> [any SessionStore]

    /// Where simulations run: one thread at a time, none of them one of Swift's pool.
    private static let queue = DispatchQueue(label: "dewar.sessions.simulation")

    /// The simulation of a store.
    ///
    /// - Parameters:
    ///   - seed: The first seed.
    ///   - runs: How many seeds to run.
    ///   - expiry: Which clock decides when the store's records expire.
    ///   - makeStores: Makes the store of a run, empty. For a store that several processes use, it makes an object for
    ///     each of them, all on the same records, and the clients share them out: a cache in one of them must not hide
    ///     what another has written.
    public init(
        seed: UInt64 = 1, runs: Int = 500, expiry: SessionStoreExpiry = .byArgument,
        _ makeStores: @escaping @Sendable (SimulatedMachine) async throws -> [any SessionStore]
    ) {
        self.seed = seed
        self.runs = runs
        self.expiry = expiry
        self.makeStores = makeStores
    }

    /// Runs the seeds, one after the other, until one finds something.
    ///
    /// - Returns: What happened how often.
    /// - Throws: What was found first, made small.
    @discardableResult
    public func run() async throws(StoreSimulationFailure) -> StoreSimulationReport {
        try await Self.alone { self.result() }.get()
    }

    /// Does something on the simulation's thread, while no other simulation runs.
    static func alone<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            Self.queue.async { continuation.resume(returning: body()) }
        }
    }

    // MARK: - On the simulation's thread

    static let isPossible = TaskHook.install(leavingOtherThreads: true)

    private func result() -> Result<StoreSimulationReport, StoreSimulationFailure> {
        guard Self.isPossible else {
            let finding = StoreFinding(promise: .isDecided, text: "this Swift runtime lets no program order its tasks")
            return .failure(StoreSimulationFailure(seed: self.seed, runs: 0, finding))
        }
        let runner = StoreRunner(makeStores: self.makeStores, expiry: self.expiry)
        var report = StoreSimulationReport()
        for number in 0..<max(self.runs, 0) {
            // A seed may be any number, so the sum may wrap.
            let plan = StorePlan(seed: self.seed &+ UInt64(number))
            let outcome = runner.run(plan)
            if let failure = Self.failure(plan, outcome, number, runner) { return .failure(failure) }
            report.add(outcome)
        }
        return .success(report)
    }

    /// What a run has found; every hundredth runs twice, and must find the same in the same way.
    ///
    /// - Parameter number: How many runs were before it.
    private static func failure(
        _ plan: StorePlan, _ outcome: StoreRunner.Outcome, _ number: Int, _ runner: StoreRunner
    ) -> StoreSimulationFailure? {
        let finding = outcome.findings.first
        guard finding != nil || number % 100 == 0 else { return nil }
        guard runner.run(plan).fingerprint == outcome.fingerprint else {
            let text = """
                the seed has run twice, and not in the same way: the time, random numbers, or the order of a Set or a \
                Dictionary come from elsewhere\(finding.map { ". One run found: \($0.text)" } ?? "")
                """
            return StoreSimulationFailure(
                seed: plan.seed, runs: number + 1, StoreFinding(promise: .isDecided, text: text))
        }
        guard let finding, finding.promise != .comesToAnEnd else {
            // A run that has not ended has no story, and takes long.
            return finding.map { StoreSimulationFailure(seed: plan.seed, runs: number + 1, $0) }
        }
        return Self.smallest(plan, finding, number, runner)
    }

    private static func smallest(
        _ plan: StorePlan, _ finding: StoreFinding, _ number: Int, _ runner: StoreRunner
    ) -> StoreSimulationFailure {
        func first(_ plan: StorePlan) -> (StoreFinding, StoreRunner.Outcome)? {
            let outcome = runner.run(plan)
            return outcome.findings.first { $0.promise == finding.promise }.map { ($0, outcome) }
        }
        var shrinking = Shrinking(budget: 300)
        var smallest = plan
        smallest.acts = shrinking.fewest(of: plan.acts) { acts in
            var smaller = plan
            smaller.acts = acts
            return first(smaller) != nil
        }
        for path in [\StorePlan.faults, \.engineFaults] where smallest[keyPath: path] > 0 {
            var calmer = smallest
            calmer[keyPath: path] = 0
            if first(calmer) != nil { smallest = calmer }
        }
        guard let (found, outcome) = first(smallest) else {
            return StoreSimulationFailure(seed: plan.seed, runs: number + 1, finding)
        }
        return StoreSimulationFailure(
            seed: plan.seed, runs: number + 1, found, story: Self.story(of: found, outcome.calls),
            acts: (smallest.acts.count, plan.acts.count))
    }

    /// The calls of the session that a finding is about, and those that are about all.
    private static func story(of finding: StoreFinding, _ calls: [StoreCall]) -> [String] {
        calls.filter { finding.session == nil || $0.session == nil || $0.session == finding.session }
            .map { "\($0.number): \($0)" }
    }
}
