// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// The stream: who gets what, in which order, and how it ends.
@Suite struct SessionEventsTests {
    private let clock = ManualClock()

    private static func event(_ number: Int) -> SessionEvent {
        SessionEvent(.created, time: Date(timeIntervalSince1970: Double(number)))
    }

    private func subscribe(to hub: EventHub, buffering limit: Int = 100) -> SessionEvents {
        SessionEvents(subscription: hub.subscribe(buffering: limit, clock: self.clock.sessionClock))
    }

    /// The number of an event, or how many were missed, negative.
    private static func number(_ event: SessionEvent?) -> Int? {
        guard let event else { return nil }
        if let count = event.missedCount { return -count }
        return Int(event.time.timeIntervalSince1970)
    }

    /// The numbers of the next events, fewer when the stream ends.
    private static func take(_ count: Int, from events: SessionEvents) async -> [Int] {
        var numbers: [Int] = []
        var iterator = events.makeAsyncIterator()
        while numbers.count < count, let number = Self.number(await iterator.next()) { numbers.append(number) }
        return numbers
    }

    @Test func everySubscriberGetsEveryEventFromItsBeginningOn() async throws {
        let site = try StoreSite()
        let first = site.sessions.events
        var visitor = try await site.signedIn()
        let second = site.sessions.events
        try await visitor.visit { $0.renew() }
        #expect(first.takeLines() == ["created nobody", "renewed nobody"])
        #expect(second.takeLines() == ["renewed nobody"])
    }

    @Test func aLoopGetsWhatComesWhileItWaits() async throws {
        let hub = EventHub()
        let events = self.subscribe(to: hub)
        let loop = Task {
            var numbers: [Int?] = []
            for await event in events {
                numbers.append(Self.number(event))
                if numbers.count == 3 { break }
            }
            return numbers
        }
        for number in 1...3 {
            hub.send { Self.event(number) }
            await Task.yield()
        }
        #expect(await loop.value == [1, 2, 3])
    }

    @Test func aSlowSubscriberIsToldInItsPlaceHowManyItMissed() async {
        let hub = EventHub()
        let events = self.subscribe(to: hub, buffering: 3)
        for number in 1...5 { hub.send { Self.event(number) } }
        #expect(await Self.take(1, from: events) == [1])
        hub.send { Self.event(6) }
        #expect(await Self.take(4, from: events) == [2, 3, -2, 6])
        for number in 7...10 { hub.send { Self.event(number) } }
        // The last ones too, with nothing behind them.
        #expect(await Self.take(4, from: events) == [7, 8, 9, -1])
    }

    @Test func aMissedEventHasTheTimeOfTheClock() {
        let hub = EventHub()
        let events = self.subscribe(to: hub, buffering: 0)
        for number in 1...2 { hub.send { Self.event(number) } }
        #expect(events.takeAll() == [Self.event(1), SessionEvent(.missed(1), time: self.clock.now)])
    }

    @Test(arguments: [1, 2, 7, 64])
    func whateverItsPaceItGetsOrMissesEveryEventInOrder(limit: Int) {
        var random = SeededGenerator(seed: UInt64(limit))
        let hub = EventHub()
        let events = self.subscribe(to: hub, buffering: limit)
        var next = 1
        var expected = 1
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 0...10, using: &random) {
                hub.send { Self.event(next) }
                next += 1
            }
            guard Bool.random(using: &random) else { continue }
            for number in events.takeAll().compactMap(Self.number) {
                if number > 0 { #expect(number == expected) }
                expected += number > 0 ? 1 : -number
            }
            #expect(expected == next)
        }
    }

    @Test func nothingIsMadeWhenNobodyListens() {
        EventHub().send {
            Issue.record("made")
            return Self.event(1)
        }
    }

    @Test func lettingGoUnsubscribes() {
        let hub = EventHub()
        #expect(!hub.isHeard)
        var events: SessionEvents? = self.subscribe(to: hub)
        #expect(events != nil && hub.isHeard)
        events = nil
        #expect(!hub.isHeard)
    }

    @Test func leavingALoopUnsubscribes() async {
        let hub = EventHub()
        func wait() async {
            let events = self.subscribe(to: hub)
            hub.send { Self.event(1) }
            for await _ in events { break }
        }
        await wait()
        #expect(!hub.isHeard)
    }

    @Test func cancellingTheTaskEndsTheSubscription() async {
        let hub = EventHub()
        let events = self.subscribe(to: hub)
        let loop = Task { for await _ in events {} }
        loop.cancel()
        await loop.value
        #expect(!hub.isHeard)
        hub.send { Self.event(1) }
        #expect(events.takeAll().isEmpty)
    }

    @Test func theStreamEndsWithItsManagerAfterWhatIsLeft() async throws {
        var hub: EventHub? = EventHub()
        let events = try self.subscribe(to: #require(hub))
        let waiting = try self.subscribe(to: #require(hub))
        let loop = Task { for await _ in waiting {} }
        hub?.send { Self.event(1) }
        hub = nil
        #expect(await Self.take(3, from: events) == [1])
        await loop.value
    }

    @Test func nothingIsLostBetweenManySenders() async {
        let hub = EventHub()
        let events = self.subscribe(to: hub, buffering: 100)
        await withTaskGroup { group in
            for number in 1...1000 { group.addTask { hub.send { Self.event(number) } } }
        }
        let numbers = events.takeAll().compactMap(Self.number)
        #expect(numbers.reduce(0) { $0 + ($1 > 0 ? 1 : -$1) } == 1000)
    }

    @Test func aLogHasALineForEachEventAndWarnsOfTheft() async throws {
        var hub: EventHub? = EventHub()
        let events = try self.subscribe(to: #require(hub), buffering: 2)
        hub?.send { SessionEvent(.signedIn, time: self.clock.now, user: "a\nb") }
        hub?.send { SessionEvent(.replayed, time: self.clock.now, user: "alice") }
        hub?.send { Self.event(1) }
        hub = nil
        let log = LogRecorder()
        await events.log(to: log.logger)
        let lines = log.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix(#"session signed_in user="a\nb""#))
        #expect(lines[1].hasPrefix(#"session replayed user="alice""#))
        #expect(lines[2].hasPrefix("session missed count=1"))
        #expect(log.warnings == 2)
    }

    @Test func anEventAsJSON() throws {
        let id = try #require(SessionID(String(repeating: "0f", count: 16)))
        let event = SessionEvent(
            .rejected(.wrongSecret), time: self.clock.now, sessionID: id, user: "alice", deviceLabel: "Firefox on Linux"
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.dateEncodingStrategy = .iso8601
        let json = String(decoding: try encoder.encode(event), as: UTF8.self)
        #expect(
            json == #"{"device":"Firefox on Linux","kind":"rejected","reason":"wrong_secret","#
                + #""session":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","time":"2023-11-14T22:13:20Z","user":"alice"}"#)
        #expect(
            "\(event)" == "rejected reason=wrong_secret session=\(id) user=\"alice\" device=\"Firefox on Linux\"")
    }

    @Test func anActorIsInTheLineAndInTheJSON() throws {
        let event = SessionEvent(.revoked, time: self.clock.now, user: "alice", actor: "a\ndmin")
        #expect("\(event)" == #"revoked user="alice" by="a\ndmin""#)
        let json = String(decoding: try JSONEncoder().encode(event), as: UTF8.self)
        #expect(json.contains(#""actor":"a\ndmin""#))
    }

    /// A reader of a log may take more characters than a line feed for the end of a line.
    @Test(arguments: ["\r", "\0", "\u{85}", "\u{2028}", "\u{2029}", "\u{9B}", "\u{1B}", "\u{202E}"])
    func noNameBeginsANewLine(text: String) {
        let event = SessionEvent(
            .signedIn, time: .now, sessionID: nil, user: "a\(text)b\"", deviceLabel: nil, actor: nil)
        let line = event.description
        #expect(!line.contains(text) && line.hasSuffix(#"b\"""#))
        #expect(line.contains("\\u{\(String(text.unicodeScalars.first?.value ?? 0, radix: 16))}"))
    }
}
