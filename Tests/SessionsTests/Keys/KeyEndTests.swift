// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Sessions
import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keys that end by themselves, what is counted of keys in use, and who is warned before.
@Suite struct KeyEndTests {
    private static func keys(_ site: KeySite, in duration: Duration) -> SecretKeys {
        SecretKeys(KeySite.new, accepting: [AcceptedKey(KeySite.old, until: site.clock.now.adding(duration))])
    }

    @Test(arguments: KeySite.Kind.allCases)
    func aKeyEndsOnTimeInAServerThatRuns(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind)
        let visitor = try await site.signedIn(try site.process(KeySite.before))
        let process = try site.process(Self.keys(site, in: .seconds(600)))
        let moved = site.visitor(process, with: visitor.cookie)
        site.clock.advance(by: .seconds(599))
        #expect(try await moved.look("user") == "alice")
        site.clock.advance(by: .seconds(1))
        #expect(try await moved.look("user") == nil)
    }

    /// Encrypted contents end with their key, and the cookie's signature alone does not bring them back.
    @Test func contentsEndWithTheirKey() throws {
        let clock = ManualClock()
        let watch = KeyWatch(clock: clock.sessionClock)
        let id = SessionID(using: .system)
        let bytes = try ContentsCoder(keys: KeySite.before, encrypts: true, random: .system).encode(["a": 1], id: id)
        let keys = SecretKeys(KeySite.new, accepting: [AcceptedKey(KeySite.old, until: clock.now.adding(.seconds(1)))])
        let coder = ContentsCoder(keys: keys.watched(by: watch), encrypts: true, random: .system)
        #expect(coder.decode(bytes, id: id) == ["a": 1])
        clock.advance(by: .seconds(1))
        #expect(coder.decode(bytes, id: id) == nil)
    }

    @Test func keysThatNobodyWatchesEndByTheSystemsClock() {
        let token = Signer(keys: KeySite.before, salt: "s").sign(Array("value".utf8))
        let past = SecretKeys(KeySite.new, accepting: [AcceptedKey(KeySite.old, until: Date(timeIntervalSince1970: 1))])
        #expect(throws: TokenError.self) { try Signer(keys: past, salt: "s").unsign(token[...]) }
        let future = SecretKeys(KeySite.new, accepting: [AcceptedKey(KeySite.old, until: .distantFuture)])
        #expect(throws: Never.self) { try Signer(keys: future, salt: "s").unsign(token[...]) }
    }

    // MARK: - Warnings

    @Test(arguments: KeySite.Kind.allCases)
    func aKeyThatEndsSoonAndIsSeenIsWarnedOfOnceAnHour(_ kind: KeySite.Kind) async throws {
        let site = KeySite(kind) {
            $0.lifetime = SessionLifetime(idle: .seconds(86_400 * 60))
            $0.touchInterval = nil
        }
        let visitor = try await site.signedIn(try site.process(KeySite.before))
        let process = try site.process(Self.keys(site, in: .seconds(86_400 * 8)))
        let old = site.visitor(process, with: visitor.cookie)
        func warnings(after seconds: Int) async throws -> Int {
            site.clock.advance(by: .seconds(seconds))
            let before = site.log.warnings
            #expect(try await old.look("user") == "alice")
            #expect(try await old.look("user") == "alice")
            return site.log.warnings - before
        }
        #expect(try await warnings(after: 86_399) == 0)
        #expect(try await warnings(after: 1) == 1)
        #expect(try await warnings(after: 3599) == 0)
        #expect(try await warnings(after: 1) == 1)
        #expect(site.log.text.contains(KeySite.old.fingerprint))
        #expect(!site.log.text.contains("the old key, "))
        // Loaded again, the keys are no news.
        try process.reload(keys: Self.keys(site, in: .seconds(60)))
        #expect(try await warnings(after: 1) == 0)
    }

    @Test func nobodyIsWarnedOfAKeyThatIsSeenNoMore() async throws {
        let site = KeySite(.sealed)
        let process = try site.process(Self.keys(site, in: .seconds(600)))
        let visitor = try await site.signedIn(process)
        #expect(try await visitor.look("user") == "alice")
        #expect(site.log.warnings == 0)
    }

    @Test func theTimeOfTheWarningIsASetting() async throws {
        let site = KeySite(.sealed) { $0.keyRetirementWarning = .seconds(60) }
        let visitor = try await site.signedIn(try site.process(KeySite.before))
        let process = try site.process(Self.keys(site, in: .seconds(600)))
        #expect(try await site.visitor(process, with: visitor.cookie).look("user") == "alice")
        #expect(site.log.warnings == 0)
        site.clock.advance(by: .seconds(540))
        #expect(try await site.visitor(process, with: visitor.cookie).look("user") == "alice")
        #expect(site.log.warnings == 1)
    }

    // MARK: - Counters

    @Test func tokensAreCountedByTheKeyThatMadeThem() throws {
        let counts = CountingFactory()
        let watch = KeyWatch(clock: .system, logger: LogRecorder().logger, factory: counts)
        let signer = Signer(keys: KeySite.sign.watched(by: watch), salt: "s")
        let sealer = Sealer(keys: KeySite.sign.watched(by: watch), purpose: "p", name: "n", random: .system)
        let signed = Signer(keys: KeySite.before, salt: "s").sign([1])
        let sealed = try Sealer(keys: KeySite.before, purpose: "p", name: "n", random: .system).seal([1])
        for _ in 0..<3 { _ = try signer.unsign(signer.sign([1])[...]) }
        _ = try signer.unsign(signed[...])
        _ = try sealer.open(sealed[...])
        _ = try? signer.unsign((signed + [65])[...])
        #expect(counts.all == [KeySite.new.fingerprint: 3, KeySite.old.fingerprint: 2])
    }

    @Test func aFingerprintIsThirtyTwoBitsInHexAndThatOfTheSealedCookies() throws {
        #expect(KeySite.old.fingerprint.count == 8)
        #expect(KeySite.old.fingerprint != KeySite.new.fingerprint)
        #expect("\(KeySite.old)" == "SecretKey(\(KeySite.old.fingerprint))")
        let token = try Sealer(keys: KeySite.before, purpose: "p", name: "n", random: .system).seal([1])
        #expect(Base64.decodeURLSafe(token[...]).map { Hex.text($0[1...4]) } == KeySite.old.fingerprint)
    }
}

/// Counts by the dimension `key`.
private final class CountingFactory: MetricsFactory {
    private let counts = Mutex<[String: Int64]>([:])

    var all: [String: Int64] { self.counts.withLock { $0 } }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(factory: self, key: dimensions.first { $0.0 == "key" }?.1 ?? "")
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private final class Handler: CounterHandler {
        let factory: CountingFactory
        let key: String

        init(factory: CountingFactory, key: String) {
            self.factory = factory
            self.key = key
        }

        func increment(by amount: Int64) { self.factory.counts.withLock { $0[self.key, default: 0] += amount } }
        func reset() {}
    }
}
