// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

/// Checks that a session store keeps the promises of `SessionStore`, and that sessions in it keep those of Dewar.
///
/// The author of a store needs five lines, with any test library:
///
/// ```swift
/// import SessionsTesting
///
/// @Test func myStoreConforms() async throws {
///     try await SessionStoreSuite { MyStore() }.run()
/// }
/// ```
///
/// The suite does not need an empty store, and every id is new, so the closure may return the same store each time. But
/// nothing else should use the store, because the suite purges it. The suite passes times in and does not wait for
/// them. Only a writer that has lost a race waits some milliseconds before it tries again.
///
/// For a `ScannableSessionStore` the checks whose names begin with "a scan" hold it to that contract too. Any other
/// store passes them.
public struct SessionStoreSuite: Sendable {
    /// Which clock decides when the store's records expire.
    public var expiry: SessionStoreExpiry
    /// The seed of the random operations; a failure reports it.
    public var seed: UInt64
    /// How many random operations are compared with a model.
    public var operations: Int
    /// How many operations are in flight at once in the checks for races.
    public var parallelism: Int

    private let makeStore: @Sendable () async throws -> any SessionStore

    /// The suite for a store.
    ///
    /// - Parameters:
    ///   - expiry: Which clock decides when the store's records expire.
    ///   - seed: The seed of the random operations; nil for another seed each time.
    ///   - operations: How many random operations are compared with a model.
    ///   - parallelism: How many operations are in flight at once in the checks for races; at least 2.
    ///   - makeStore: Makes the store. It is called once for every check.
    public init(
        expiry: SessionStoreExpiry = .byArgument, seed: UInt64? = nil, operations: Int = 1000, parallelism: Int = 100,
        _ makeStore: @escaping @Sendable () async throws -> any SessionStore
    ) {
        self.expiry = expiry
        self.seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        self.operations = operations
        self.parallelism = max(parallelism, 2)
        self.makeStore = makeStore
    }

    /// Runs every check, one after the other.
    ///
    /// - Parameter names: The names of the checks to run, from ``checkNames``; nil for all.
    /// - Throws: ``SessionStoreSuiteFailure`` with every check that failed, and every name that no check has.
    public func run(only names: Set<String>? = nil) async throws(SessionStoreSuiteFailure) {
        let checks = Self.checks(for: self.expiry).filter { names?.contains($0.name) ?? true }
        // A name that no check has counts as a failed check.
        var failed = (names ?? []).subtracting(checks.map(\.name)).sorted().map {
            FailedCheck(name: $0, expectations: ["no check has this name; checkNames has those that do"])
        }
        for check in checks {
            let expectations = await self.failures(of: check)
            if !expectations.isEmpty { failed.append(FailedCheck(name: check.name, expectations: expectations)) }
        }
        guard failed.isEmpty else {
            let count = names?.count ?? checks.count
            throw SessionStoreSuiteFailure(failedChecks: failed, checkCount: count, seed: self.seed)
        }
    }

    /// The names of the checks that ``run(only:)`` runs: facts about the store.
    public var checkNames: [String] { Self.checks(for: self.expiry).map(\.name) }

    private func failures(of check: StoreCheck) async -> [String] {
        let store: any SessionStore
        do {
            store = try await self.makeStore()
        } catch {
            return ["a store was expected, and making it threw: \(error)"]
        }
        let trial = StoreTrial(store: store, settings: self.settings)
        do {
            try await check.body(trial)
        } catch {
            trial.fail("no error was expected, and this was thrown: \(error)")
        }
        return trial.failures
    }

    var settings: SuiteSettings {
        SuiteSettings(
            expiry: self.expiry, seed: self.seed, operations: self.operations, parallelism: self.parallelism)
    }

    private static func checks(for expiry: SessionStoreExpiry) -> [StoreCheck] {
        let groups = [
            ReadAndWriteChecks.all, BinarySafetyChecks.all, ExpiryChecks.all(for: expiry), CompareAndSetChecks.all,
            RemovalChecks.all, PurgeChecks.all(for: expiry), UserIndexChecks.all, RandomOperationChecks.all,
            LinearizabilityChecks.all, MergingChecks.all, LogoutChecks.all, RenewalChecks.all, ReplayChecks.all,
            LifetimeChecks.all, ForgeryChecks.all, UserChecks.all, SessionLimitChecks.all, ScanChecks.all,
        ]
        return groups.flatMap { $0 }
    }
}
