// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import InMemoryTracing
import MetricsTestKit
import Sessions
import SessionsTesting
import TestSupport
import Testing
import Tracing

@testable import SessionsTracing

@Suite struct TracedStoreTests {
    private let tracer = InMemoryTracer()
    private let metrics = TestMetrics()
    private let clock = ManualClock()

    private func traced<Base: SessionStore>(_ base: Base) -> TracedStore<Base> {
        TracedStore(
            base, system: "redis", name: "sessions", tracer: self.tracer, metrics: self.metrics,
            clock: self.clock.sessionClock)
    }

    /// What the timer of an operation with this outcome was given.
    private func durations(_ operation: String, _ outcome: String) throws -> [Int64] {
        try self.metrics.expectTimer(
            "dewar_sessions_store_duration",
            [("store", "sessions"), ("operation", operation), ("outcome", outcome)]
        ).values
    }

    /// Each span's name, and its attributes.
    private var spans: [String] {
        self.tracer.finishedSpans.map { span in
            var attributes: [String] = []
            span.attributes.forEach { name, value in attributes.append("\(name)=\(Self.text(value))") }
            return ([span.operationName] + attributes.sorted()).joined(separator: " ")
        }
    }

    private static func text(_ value: SpanAttribute) -> String {
        if case .string(let text) = value { text } else { "\(value)" }
    }

    private static func span(_ operation: String, _ outcome: String, error: String? = nil) -> String {
        "session \(operation) db.operation.name=\(operation) db.system.name=redis dewar.session.outcome=\(outcome) "
            + "dewar.session.store=sessions" + (error.map { " error.type=\($0)" } ?? "")
    }

    @Test func everyCallIsASpanAndATime() async throws {
        let store = self.traced(SlowStore(clock: self.clock))
        let new = try record(user: "ada")
        #expect(try await store.read(new.id, at: start) == nil)
        #expect(try await store.write(new, replacing: nil, at: start))
        #expect(try await store.write(new, replacing: nil, at: start) == false)
        #expect(try await store.read(new.id, at: start) == new)
        #expect(try await store.ids(ofUser: "ada", at: start) == [new.id])
        #expect(try await store.remove(new.id, ifVersion: 7) == false)
        #expect(try await store.remove(new.id, ifVersion: 1))
        #expect(try await store.removeExpired(at: start, limit: 1) == 0)

        let expected = [
            ("read", "absent"), ("write", "done"), ("write", "conflict"), ("read", "done"), ("list", "done"),
            ("remove", "conflict"), ("remove", "done"), ("purge", "done"),
        ]
        #expect(self.spans == expected.map { Self.span($0.0, $0.1) })
        for (operation, outcome) in expected {
            #expect(try self.durations(operation, outcome) == [3_000_000], "\(operation) \(outcome)")
        }
        #expect(self.tracer.finishedSpans.allSatisfy { $0.kind == .client && $0.status == nil })
    }

    @Test(arguments: [("failed", "Failure"), ("cancelled", "CancellationError")])
    func anErrorIsReportedAndThrown(outcome: String, type: String) async throws {
        let thrown: any Error = outcome == "failed" ? Failure() : CancellationError()
        let store = self.traced(SlowStore(clock: self.clock, error: thrown))
        let id = try SessionID.number(1)
        let error = await #expect(throws: (any Error).self) { try await store.read(id, at: start) }
        #expect(String(describing: Swift.type(of: try #require(error))) == type)
        #expect(self.spans == [Self.span("read", outcome, error: type)])
        #expect(self.tracer.finishedSpans.first?.status?.code == .error)
        #expect(try self.durations("read", outcome) == [3_000_000])
    }

    /// A reader of traces learns neither whose session it is nor what it is called.
    @Test func noIDAndNoUserIsInASpan() async throws {
        let store = self.traced(MemoryStore())
        let new = try record(user: "ada@example.com")
        _ = try await store.write(new, replacing: nil, at: start)
        _ = try await store.ids(ofUser: "ada@example.com", at: start)
        let all = self.spans.joined()
        #expect(!all.contains("ada"))
        #expect(!all.contains("\(new.id)"))
    }

    @Test func aStoreThatCanBeScannedCanBeScannedTraced() async throws {
        let store = self.traced(MemoryStore())
        let new = try record()
        _ = try await store.write(new, replacing: nil, at: start)
        #expect(try await store.scan(after: nil, limit: 10, at: start).sessions.map(\.id) == [new.id])
        #expect(self.spans.last == Self.span("scan", "done"))
    }

    @Test func someOfAUsersSessionsAreAskedForAsSuch() async throws {
        let base = RobotStore()
        let ids = try await self.traced(base).ids(ofUser: RobotStore.robot, limit: 5, at: start)
        #expect(ids.count == 5 && base.wholeListCount == 0)
        #expect(self.spans == [Self.span("list", "done")])
    }

    @Test func aSpanBelongsToTheRequest() async throws {
        let store = self.traced(MemoryStore())
        let id = try SessionID.number(1)
        try await self.tracer.withSpan("request") { _ in _ = try await store.read(id, at: start) }
        let (call, request) = (self.tracer.finishedSpans[0], self.tracer.finishedSpans[1])
        #expect(request.operationName == "request")
        #expect(call.parentSpanID == request.spanID)
    }

    @Test func withoutASystemTheAttributeIsLeftOut() async throws {
        let store = TracedStore(MemoryStore(), tracer: self.tracer, metrics: self.metrics)
        _ = try await store.removeExpired(at: start, limit: 1)
        #expect(
            self.spans == [
                "session purge db.operation.name=purge dewar.session.outcome=done dewar.session.store=MemoryStore"
            ])
    }

    @Test func theStoreKeepsItsContract() async throws {
        try await SessionStoreSuite { TracedStore(MemoryStore(), tracer: NoOpTracer(), metrics: TestMetrics()) }.run()
    }

    private struct Failure: Error {}
}

/// A store whose calls take three milliseconds, or fail after them.
private struct SlowStore: SessionStore {
    private let base = MemoryStore()
    let clock: ManualClock
    var error: (any Error)?

    private func wait() throws {
        self.clock.advance(by: .milliseconds(3))
        if let error { throw error }
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try self.wait()
        return self.base.read(id, at: now)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try self.wait()
        return self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try self.wait()
        return self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try self.wait()
        return self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try self.wait()
        return self.base.ids(ofUser: user, at: now)
    }
}
