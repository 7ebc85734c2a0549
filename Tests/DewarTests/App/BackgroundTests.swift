// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import ServiceLifecycle
import TestSupport
import Testing

@testable import Dewar

/// Work that requests leave for later. No test waits for time to pass: work waits at gates.
@Suite struct BackgroundTests {
    /// Holds work back until it is opened. A cancelled task passes, and throws.
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init() {
            (self.stream, self.continuation) = AsyncStream.makeStream(of: Void.self)
        }

        func open() { self.continuation.finish() }

        func pass() async throws {
            for await _ in self.stream {}
            try Task.checkCancellation()
        }
    }

    /// A service that tells when it runs.
    private struct AnnouncedService: Service {
        let service: BackgroundService
        let started: Gate

        func run() async throws {
            self.started.open()
            try await self.service.run()
        }
    }

    @Test func workBeginsWhenTheSessionIsCommitted() async throws {
        let app = App.forTests()
        let events = Events()
        app.afterRequest { _, response in
            events.add("hook")
            return response
        }
        app.get("/") { request in
            try app.background { events.add("work for \(app.url(for: "index", isExternal: true))") }
            request.session["a"] = 1
            // Time for work that began too early.
            for _ in 0..<1000 { await Task.yield() }
            events.add("handler")
            return "ok"
        }
        app.get("/index", name: "index") { _ in "index" }
        let client = try app.testClient()
        let response = try await client.get("/")
        #expect(response.text == "ok")
        await client.finishBackgroundWork()
        #expect(events.all == ["handler", "hook", "work for http://localhost/index"])
    }

    @Test func aResponseDoesNotWaitForItsWork() async throws {
        let app = App.forTests()
        let (gate, events) = (Gate(), Events())
        app.get("/") { _ in
            try app.background {
                try await gate.pass()
                events.add("work")
            }
            return "ok"
        }
        let client = try app.testClient()
        #expect(try await client.get("/").text == "ok")
        #expect(events.all.isEmpty)
        gate.open()
        await client.finishBackgroundWork()
        #expect(events.all == ["work"])
    }

    @Test func workOfARequestThatFailsIsDoneAllTheSame() async throws {
        let app = App.forTests()
        let events = Events()
        app.get("/") { _ in
            try app.background { events.add("work") }
            throw Mishap()
        }
        let client = try app.testClient()
        #expect(try await client.get("/").status == .internalServerError)
        await client.finishBackgroundWork()
        #expect(events.all == ["work"])
    }

    @Test func workOutsideOfARequestAndWithinWorkBeginsAtOnce() async throws {
        let app = App.forTests()
        let events = Events()
        try app.background {
            events.add("outer")
            try app.background { events.add("inner") }
        }
        await app.backgroundWork.untilIdle()
        #expect(events.all == ["outer", "inner"])
    }

    @Test func anErrorIsLoggedWithItsPlace() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { _ in
            try app.background { throw Mishap() }
            return "ok"
        }
        let client = try app.testClient()
        try await client.get("/")
        await client.finishBackgroundWork()
        #expect(log.warnings == 1)
        #expect(log.text.contains("background work failed"))
        #expect(log.text.contains("the cellar is flooded"))
        #expect(log.text.contains("DewarTests/BackgroundTests.swift:"))
    }

    @Test func moreWorkThanTheLimitIsRefused() async throws {
        let app = App.forTests()
        let gate = Gate()
        app.serverLimits.maximumBackgroundWork = 2
        app.get("/") { _ in
            try app.background { try await gate.pass() }
            return "ok"
        }
        let client = try app.testClient()
        try await client.get("/")
        try await client.get("/")
        #expect(try await client.get("/").status == .serviceUnavailable)
        let error = #expect(throws: AppError.self) { try app.background {} }
        #expect(error?.kind == .tooMuchBackgroundWork)
        #expect(error?.description.hasSuffix("serverLimits.maximumBackgroundWork allows: 2.") == true)
        gate.open()
        await client.finishBackgroundWork()
        #expect(try await client.get("/").text == "ok")
        await client.finishBackgroundWork()
    }

    @Test func aServerThatStopsFinishesItsWork() async throws {
        let log = LogRecorder()
        let work = BackgroundWork(logger: log.logger)
        let (gate, events) = (Gate(), Events())
        try work.reserve()
        work.start(
            {
                try await gate.pass()
                events.add("work")
            }, place: SourcePlace(file: "a", line: 1), logger: nil)
        let started = Gate()
        let service = AnnouncedService(service: BackgroundService(work: work), started: started)
        let group = ServiceGroup(services: [service], logger: log.logger)
        async let stopped: Void = group.run()
        try await started.pass()
        await group.triggerGracefulShutdown()
        // Work may still be added while other work ends: it is waited for as well.
        try work.reserve()
        work.start({ events.add("more") }, place: SourcePlace(file: "a", line: 2), logger: nil)
        gate.open()
        try await stopped
        #expect(Set(events.all) == ["work", "more"])
        #expect(log.warnings == 0)
        let error = #expect(throws: AppError.self) { try work.reserve() }
        #expect(error?.description == "The server has stopped, and begins no more background work.")
    }

    @Test func whatHasNotEndedInTimeIsCancelledAndTold() async throws {
        let log = LogRecorder()
        let work = BackgroundWork(logger: log.logger)
        let (gate, cancelled) = (Gate(), Gate())
        try work.reserve()
        work.start(
            {
                defer { cancelled.open() }
                try await gate.pass()
            }, place: SourcePlace(file: "Shop/main.swift", line: 7), logger: nil)
        try work.reserve()
        // What the group of services does when the time is up.
        let service = Task { try await BackgroundService(work: work).run() }
        service.cancel()
        try await cancelled.pass()
        #expect(log.text.contains("background work was cancelled"))
        #expect(log.text.contains("Shop/main.swift:7"))
        #expect(!log.text.contains("late:9"))
        // A request that is still being answered gives its work late.
        work.start({ try Task.checkCancellation() }, place: SourcePlace(file: "late", line: 9), logger: nil)
        try await service.value
        #expect(log.text.contains("shutdown was up [:] [\"work\": late:9]"))
        #expect(log.text.contains("background work failed"))
    }

    @Test func workThatGivesItselfAnewEndsWithTheServer() async throws {
        let work = BackgroundWork(logger: LogRecorder().logger)
        @Sendable func again() async {
            await Task.yield()
            guard (try? work.reserve()) != nil else { return }
            work.start({ await again() }, place: SourcePlace(file: "again", line: 1), logger: nil)
        }
        await again()
        let service = Task { try await BackgroundService(work: work).run() }
        service.cancel()
        try await service.value
        #expect(throws: AppError.self) { try work.reserve() }
    }
}
