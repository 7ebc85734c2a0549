// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import CoreMetrics
public import Sessions
public import Tracing

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A store that reports each call to another store: a span of swift-distributed-tracing, and a timer of swift-metrics.
///
/// ```swift
/// let store = TracedStore(try RedisStore(url: "redis://127.0.0.1:6379"), system: "redis")
/// sessions.place = .stored(in: store)
/// ```
///
/// A span is a child of the request's own span, so that a slow page shows whether it waited for its session. No id, no
/// user and nothing of a session's contents is in a span or a timer. `docs/OBSERVABILITY.md` has all names.
///
/// Where neither a tracer nor a metrics backend has been installed, a call costs a few hundred nanoseconds more.
public struct TracedStore<Base: SessionStore>: SessionStore {
    /// The store that does the work.
    public let base: Base
    private let measurements: StoreMeasurements

    /// A store that reports the calls to `base`.
    ///
    /// - Parameters:
    ///   - base: The store that does the work.
    ///   - system: The engine, as OpenTelemetry names it in `db.system.name`: `redis`, `postgresql`, `sqlite`. Nil
    ///     leaves the attribute out, for a store that is no database.
    ///   - name: What the timers call the store, in the dimension `store`; nil for its type's name, such as
    ///     `RedisStore`.
    ///   - tracer: Gets the spans; nil for the one that the process has installed.
    ///   - metrics: Makes the timers.
    ///   - clock: Measures the time that a call takes.
    public init(
        _ base: Base, system: String? = nil, name: String? = nil, tracer: (any Tracer)? = nil,
        metrics: any MetricsFactory = MetricsSystem.factory, clock: SessionClock = .system
    ) {
        self.base = base
        self.measurements = StoreMeasurements(
            store: name ?? String(describing: Base.self), system: system, tracer: tracer, metrics: metrics,
            clock: clock)
    }

    /// Reads, and reports whether there was a record.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.measurements.measure(.read, outcome: { $0 == nil ? .absent : .done }) {
            try await self.base.read(id, at: now)
        }
    }

    /// Writes, and reports whether the version was there.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.measurements.measure(.write, outcome: { $0 ? .done : .conflict }) {
            try await self.base.write(record, replacing: version, at: now)
        }
    }

    /// Removes, and reports whether the version was there.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.measurements.measure(.remove, outcome: { $0 ? .done : .conflict }) {
            try await self.base.remove(id, ifVersion: version)
        }
    }

    /// Purges.
    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.measurements.measure(.purge, outcome: { _ in .done }) {
            try await self.base.removeExpired(at: now, limit: limit)
        }
    }

    /// Lists a user's sessions.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.measurements.measure(.list, outcome: { _ in .done }) {
            try await self.base.ids(ofUser: user, at: now)
        }
    }

    /// Lists some of a user's sessions.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        try await self.measurements.measure(.list, outcome: { _ in .done }) {
            try await self.base.ids(ofUser: user, limit: limit, at: now)
        }
    }
}

extension TracedStore: ScannableSessionStore where Base: ScannableSessionStore {
    /// Reads a page of a scan.
    public func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
        try await self.measurements.measure(.scan, outcome: { _ in .done }) {
            try await self.base.scan(after: cursor, limit: limit, at: now)
        }
    }
}

/// A store that answers without waiting does so with its calls reported, too.
extension TracedStore: InstantStore where Base: InstantStore {}

extension TracedStore: EvictingStore where Base: EvictingStore {
    package var maximumCount: Int? { self.base.maximumCount }
}

extension TracedStore: PairedStore where Base: PairedStore {
    package var oldStore: any SessionStore { self.base.oldStore }
    package var newStore: any SessionStore { self.base.newStore }
}
