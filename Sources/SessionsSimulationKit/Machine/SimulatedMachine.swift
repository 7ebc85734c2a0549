// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a store gets from its machine in a ``StoreSimulation``: time, random bytes, and the way to an engine behind it.
///
/// All of it follows from the seed. A store that waits by itself, to try again for example, waits with
/// ``sleep(for:)``: `Task.sleep` waits in real time, on a thread that no seed decides about.
///
/// ```swift
/// let simulation = StoreSimulation { machine in
///     [MyWaitingStore(sleep: machine.sleep(for:))]
/// }
/// ```
public struct SimulatedMachine: Sendable {
    /// What the clock shows at the beginning of a run, in milliseconds since 1970.
    static let epoch = 1_700_000_000_000

    let state: MachineState

    /// The time. It stands still while a task could run, and then goes on to when the first one wants to wake up.
    public var now: Date { Date(milliseconds: Self.epoch + Schedule.shared.now / 1000) }

    /// Random bytes that follow from the seed.
    public var random: SessionRandom { self.state.bytes.random }

    /// Lets a time pass.
    ///
    /// - Throws: `CancellationError` for a task that was cancelled, and at the end of the run, so that a task in the
    ///   background ends as well.
    public func sleep(for duration: Duration) async throws {
        try await self.state.sleep(duration)
    }

    /// Does something in the engine that the store keeps its records in, as a program does it over a network.
    ///
    /// It takes time there and back, and what goes wrong between a program and its database goes wrong here: the engine
    /// cannot be reached; it has no room for a change; it makes the change, at once or seconds later, and the answer is
    /// lost.
    ///
    /// ```swift
    /// func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
    ///     try await self.machine.engine { self.table.read(id, at: now) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - changes: Whether `body` changes something. What only reads is never done later.
    ///   - body: What happens in the engine, in one step.
    /// - Throws: ``SimulatedFault``, what `body` throws, or `CancellationError`.
    public func engine<Answer: Sendable>(
        changes: Bool = false, _ body: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await self.state.use(changes: changes, body)
    }
}

/// Why ``SimulatedMachine/engine(changes:_:)`` failed.
public enum SimulatedFault: String, Error, Sendable, CustomStringConvertible {
    /// Nothing was done.
    case unreachable = "the engine cannot be reached"
    /// The engine has no room for the change, and has not made it.
    case full = "the engine is full"
    /// The change was made, or will be.
    case lost = "the connection broke before the answer came"

    /// The fault in words.
    public var description: String { self.rawValue }
}
