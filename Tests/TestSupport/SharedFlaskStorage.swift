// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
public import Sessions
public import SessionsFlask
import Synchronization

/// What Flask-Session keeps in Redis, in memory: keys that end by a test's clock, and a list of what was asked.
public final class SharedFlaskStorage: FlaskSessionStorage {
    /// One operation, as Redis would be told it.
    public enum Command: Hashable, Sendable {
        case get(String)
        case set(String, [UInt8], seconds: Int)
        case expire(String, seconds: Int)
        case remove(String)
    }

    public enum Mode: Sendable {
        case working, unreachable, readOnly
    }

    public struct Unreachable: Error {}

    private struct State {
        var values: [String: (bytes: [UInt8], end: Double)] = [:]
        var commands: [Command] = []
        var mode = Mode.working
    }

    private let clock: SessionClock
    private let state = Mutex(State())

    public init(clock: SessionClock) {
        self.clock = clock
    }

    /// Whether it answers.
    public var mode: Mode {
        get { self.state.withLock { $0.mode } }
        set { self.state.withLock { $0.mode = newValue } }
    }

    /// What was asked since the last time.
    public func takeCommands() -> [Command] {
        self.state.withLock { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// What is under a key now, without a trace.
    public subscript(key: String) -> [UInt8]? {
        get { self.state.withLock { self.find(key, in: $0) } }
        set { self.state.withLock { $0.values[key] = newValue.map { ($0, Double.infinity) } } }
    }

    /// The keys that are there.
    public var keys: [String] {
        self.state.withLock { state in state.values.keys.filter { self.find($0, in: state) != nil } }
    }

    public func value(of key: String) async throws -> [UInt8]? {
        try Task.checkCancellation()
        return try self.perform(.get(key), isWrite: false) { self.find(key, in: $0) }
    }

    public func set(
        _ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool
    ) async throws -> Bool {
        try Task.checkCancellation()
        return try self.perform(.set(key, value, seconds: seconds)) { state in
            guard !mustExist || self.find(key, in: state) != nil else { return false }
            state.values[key] = (value, self.end(after: seconds))
            return true
        }
    }

    public func extendLife(of key: String, secondsToLive seconds: Int) async throws -> Bool {
        try Task.checkCancellation()
        return try self.perform(.expire(key, seconds: seconds)) { state in
            guard let bytes = self.find(key, in: state) else { return false }
            state.values[key] = (bytes, self.end(after: seconds))
            return true
        }
    }

    public func remove(_ key: String) async throws -> Bool {
        try Task.checkCancellation()
        return try self.perform(.remove(key)) { state in
            defer { state.values[key] = nil }
            return self.find(key, in: state) != nil
        }
    }

    private func perform<Result: Sendable>(
        _ command: Command, isWrite: Bool = true, _ body: (inout State) -> sending Result
    ) throws -> Result {
        try self.state.withLock { state in
            switch state.mode {
            case .working: break
            case .readOnly: if isWrite { throw Unreachable() }
            case .unreachable: throw Unreachable()
            }
            state.commands.append(command)
            return body(&state)
        }
    }

    private func find(_ key: String, in state: State) -> [UInt8]? {
        guard let (bytes, end) = state.values[key], self.clock.now().timeIntervalSince1970 < end else { return nil }
        return bytes
    }

    private func end(after seconds: Int) -> Double {
        self.clock.now().timeIntervalSince1970 + Double(seconds)
    }
}
