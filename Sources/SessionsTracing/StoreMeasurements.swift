// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Sessions
import Tracing

/// What is called on a store.
enum StoreOperation: String, CaseIterable {
    case read, write, remove, purge, list, scan
}

/// How a call ended.
enum StoreOutcome: String, CaseIterable {
    /// It did what it was asked for.
    case done
    /// There was no such record.
    case absent
    /// Another version was there: another request was faster.
    case conflict
    /// The task was cancelled: the visitor hung up.
    case cancelled
    /// The store threw another error.
    case failed
}

/// The spans and timers of one store.
struct StoreMeasurements: Sendable {
    private struct Key: Hashable {
        let operation: StoreOperation
        let outcome: StoreOutcome
    }

    private let system: String?
    private let store: String
    private let tracer: (any Tracer)?
    private let clock: SessionClock
    /// Made once, so that a call looks one up.
    private let timers: [Key: Timer]

    static let timerLabel = "dewar_sessions_store_duration"

    init(store: String, system: String?, tracer: (any Tracer)?, metrics: any MetricsFactory, clock: SessionClock) {
        self.store = store
        self.system = system
        self.tracer = tracer
        self.clock = clock
        let keys = StoreOperation.allCases.flatMap { operation in
            StoreOutcome.allCases.map { Key(operation: operation, outcome: $0) }
        }
        self.timers = Dictionary(
            uniqueKeysWithValues: keys.map { key in
                let dimensions = [
                    ("store", store), ("operation", key.operation.rawValue), ("outcome", key.outcome.rawValue),
                ]
                return (key, Timer(label: Self.timerLabel, dimensions: dimensions, factory: metrics))
            })
    }

    /// Runs a call of the store in a span of its own, and times it.
    func measure<Value: Sendable>(
        _ operation: StoreOperation, outcome: (Value) -> StoreOutcome, _ call: () async throws -> Value
    ) async throws -> Value {
        let tracer = self.tracer ?? InstrumentationSystem.tracer
        return try await tracer.withAnySpan("session \(operation.rawValue)", ofKind: .client) { span in
            span.attributes["db.system.name"] = self.system
            span.attributes["db.operation.name"] = operation.rawValue
            span.attributes["dewar.session.store"] = self.store
            let began = self.clock.elapsed()
            do {
                let value = try await call()
                self.end(span, operation, outcome(value), since: began)
                return value
            } catch {
                let isCancelled = error is CancellationError
                span.attributes["error.type"] = String(describing: type(of: error))
                span.setStatus(SpanStatus(code: .error))
                self.end(span, operation, isCancelled ? .cancelled : .failed, since: began)
                throw error
            }
        }
    }

    private func end(_ span: any Span, _ operation: StoreOperation, _ outcome: StoreOutcome, since began: Duration) {
        span.attributes["dewar.session.outcome"] = outcome.rawValue
        let (seconds, attoseconds) = (self.clock.elapsed() - began).components
        let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.timers[Key(operation: operation, outcome: outcome)]?.recordNanoseconds(
            nanoseconds.overflow ? .max : nanoseconds.partialValue + attoseconds / 1_000_000_000)
    }
}
