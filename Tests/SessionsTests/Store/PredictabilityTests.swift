// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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

/// Nobody can foretell an id, a secret or a token from those before.
@Suite struct PredictabilityTests {
    /// A generator that a program might use by mistake.
    private struct Generator: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let next: @Sendable (inout [UInt64]) -> UInt64

        /// A source that begins with this seed.
        var random: SessionRandom {
            let state = Mutex<[UInt64]>([0x1234_5678_9ABC_DEF1, 0xFEDC_BA98_7654_3211, 7, 11])
            let box = SharedState(state)
            return SessionRandom { count in
                var bytes: [UInt8] = []
                while bytes.count < count { bytes.append(bigEndian: box.state.withLock { self.next(&$0) }) }
                return Array(bytes.prefix(count))
            }
        }
    }

    private final class SharedState: Sendable {
        let state: Mutex<[UInt64]>
        init(_ state: consuming Mutex<[UInt64]>) { self.state = state }
    }

    private static let predictable: [Generator] = [
        Generator(testDescription: "constant") { _ in 42 },
        Generator(testDescription: "counter") { state in
            state[0] &+= 1
            return state[0]
        },
        Generator(testDescription: "clock") { state in
            state[0] &+= 1_000_003
            return state[0]
        },
        Generator(testDescription: "linear congruential") { state in
            state[0] = state[0] &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state[0]
        },
        Generator(testDescription: "SplitMix64") { state in
            state[0] &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state[0] ^ state[0] >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        },
        Generator(testDescription: "xorshift64") { state in
            state[0] ^= state[0] << 13
            state[0] ^= state[0] >> 7
            state[0] ^= state[0] << 17
            return state[0]
        },
        Generator(testDescription: "xoroshiro128+") { state in
            let (first, second) = (state[0], state[0] ^ state[1])
            let result = first &+ state[1]
            state[0] = (first << 24 | first >> 40) ^ second ^ second << 16
            state[1] = second << 37 | second >> 27
            return result
        },
    ]

    @Test(arguments: PredictabilityTests.predictable)
    private func aPredictableGeneratorIsFoundOut(_ generator: Generator) {
        #expect(Predictability.fault(of: generator.random) != nil)
    }

    @Test func theSystemsGeneratorIsNotForetold() {
        #expect(Predictability.fault(of: .system) == nil)
    }

    /// Everything that must not be guessed, made by a source.
    private static let made: [@Sendable (SessionRandom) -> [UInt8]] = [
        { SessionID(using: $0).bytes }, { Array(SessionSecret(using: $0).bytes) }, { CrossSiteToken(using: $0).secret },
        { SecretKey(using: $0).bytes },
    ]

    @Test(arguments: PredictabilityTests.made.indices)
    func idsSecretsTokensAndKeysAreAsGoodAsTheirSource(_ index: Int) {
        let bytes = { (random: SessionRandom) in (0..<512).flatMap { _ in Self.made[index](random) } }
        #expect(Predictability.fault(inBytes: bytes(.system)) == nil)
        for generator in Self.predictable {
            #expect(Predictability.fault(inBytes: bytes(generator.random)) != nil, "\(generator.testDescription)")
        }
    }

    /// What a manager takes without being told.
    @Test func theIDsOfAManagersSessionsAreNotForetold() async throws {
        let sessions = try SessionManager(keys: StoreSite.keys, configuration: .stored(in: MemoryStore()))
        var bytes: [UInt8] = []
        for _ in 0..<512 {
            var visitor = SiteVisitor(sessions, cookie: nil, logger: LogRecorder().logger)
            try await visitor.visit { $0["n"] = 1 }
            bytes += try #require(try await visitor.open().id).bytes
        }
        #expect(Predictability.fault(inBytes: bytes) == nil)
    }

    /// A generator with a seed that is the same in each process passes every other test.
    @Test func twoProcessesHaveNothingInCommon() async throws {
        var outputs: [[UInt8]] = []
        for _ in 0..<2 {
            let result = await #expect(
                processExitsWith: .success, observing: [\.standardOutputContent]
            ) {
                print("<\(Hex.text(SessionRandom.system.bytes(32)))>")
            }
            let output = try #require(result).standardOutputContent
            let text = output.drop { $0 != UInt8(ascii: "<") }.prefix { $0 != UInt8(ascii: ">") }
            #expect(text.count == 65)
            outputs.append(Array(text))
        }
        #expect(outputs[0] != outputs[1])
    }
}
