// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
public import Sessions
public import SessionsMigration
import Synchronization

/// A site of three servers that goes from one store to another and back while its visitors go on.
///
/// Every visitor counts, looks, signs in with a new secret and signs out, at whichever server, and knows what it must
/// find. What it does not find is a problem of the story's. The time is the story's own.
public final class MigrationStory: Sendable {
    /// What the servers work with: one store alone, or both in a phase.
    public enum Stop: Sendable, Hashable {
        case old, new
        case migrating(MigrationPhase)

        /// There and back.
        public static let journey: [Stop] =
            [.migrating(.fill), .migrating(.both), .migrating(.drain), .new]
            + [.migrating(.drain), .migrating(.both), .migrating(.fill), .old]
    }

    private static let keys: SecretKeys = "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"
    private static let idleTime: Duration = .seconds(3600)

    private let old: any SessionStore
    private let new: any SessionStore
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
    private let servers = Mutex<[SessionManager]>([])
    private let migrations = Mutex<[MigratingStore]>([])
    private let found = Mutex<[String]>([])

    public init(from old: any SessionStore, to new: any SessionStore) throws {
        self.old = old
        self.new = new
        for _ in 0..<3 {
            let server = try self.server(at: .old)
            self.servers.withLock { $0.append(server) }
        }
    }

    /// What visitors did not find as it had to be.
    public var problems: [String] { self.found.withLock { $0 } }

    /// Lets so many visitors go on while the servers go from stop to stop, each time for more than an idle time.
    ///
    /// - Returns: How many requests there were.
    public func run(visitors count: Int = 50, stops: [Stop] = Stop.journey) async throws -> Int {
        var visitors = (0..<count).map { StoryVisitor(number: $0) }
        visitors = try await self.round(visitors, restartingAt: nil)
        for stop in stops {
            self.migrations.withLock { $0 = [] }
            visitors = try await self.round(visitors, restartingAt: stop)
            for index in 0..<30 where index < 11 || !self.isComplete(stop) {
                self.time.withLock { $0 += 360 }
                visitors = try await self.round(visitors, restartingAt: nil)
            }
            if !self.isComplete(stop) { self.report("\(stop) does not end") }
        }
        return visitors.reduce(0) { $0 + $1.requests }
    }

    func report(_ problem: String) {
        self.found.withLock { if $0.count < 10 { $0.append(problem) } }
    }

    /// A server of the site, any of them.
    var anyServer: SessionManager? { self.servers.withLock { $0.randomElement() } }

    // MARK: - Servers

    private var now: Date { self.time.withLock { $0 } }

    private func server(at stop: Stop) throws -> SessionManager {
        let store: any SessionStore
        switch stop {
        case .old: store = self.old
        case .new: store = self.new
        case .migrating(let phase):
            let migration = MigratingStore(from: self.old, to: self.new, phase: phase, logger: Self.silence)
            self.migrations.withLock { $0.append(migration) }
            store = migration
        }
        var configuration = SessionConfiguration.stored(in: store)
        configuration.lifetime = SessionLifetime(idle: Self.idleTime)
        // Visitors try cookies from before a sign-in, which must not be taken for a theft that ends the session.
        configuration.renewalGrace = .seconds(86400)
        return try SessionManager(
            keys: Self.keys, configuration: configuration, clock: SessionClock { self.now }, logger: Self.silence)
    }

    /// One after the other, while the others serve.
    private func restart(at stop: Stop) async throws {
        for index in 0..<3 {
            for _ in 0..<200 { await Task.yield() }
            let server = try self.server(at: stop)
            self.servers.withLock { $0[index] = server }
        }
    }

    /// Everybody does something, and requests that a stopping server has begun come to their end.
    private func round(_ visitors: [StoryVisitor], restartingAt stop: Stop?) async throws -> [StoryVisitor] {
        try await withThrowingTaskGroup(of: StoryVisitor?.self) { group in
            for var visitor in visitors {
                group.addTask {
                    // Those that meet a restart are busy, and the others now and then asleep for most of their idle
                    // time.
                    for _ in 0..<(stop == nil ? 1 : 6) { try await visitor.act(on: self) }
                    return visitor
                }
            }
            if let stop {
                group.addTask {
                    try await self.restart(at: stop)
                    return nil
                }
            }
            group.addTask {
                _ = try await self.anyServer?.removeExpired()
                return nil
            }
            return try await group.reduce(into: []) { visitors, visitor in
                if let visitor { visitors.append(visitor) }
            }
        }
    }

    /// Whether the next stop may come; `.both` waits for nothing on a way that is walked stop by stop.
    private func isComplete(_ stop: Stop) -> Bool {
        let migrations = self.migrations.withLock { $0 }
        return stop == .migrating(.both)
            || migrations.allSatisfy { $0.progress.isComplete(afterIdleTime: Self.idleTime, at: self.now) }
    }

    private static var silence: Logger { Logger(label: "story") { _ in SwiftLogNoOpLogHandler() } }
}
