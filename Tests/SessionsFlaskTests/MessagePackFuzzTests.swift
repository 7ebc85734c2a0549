// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import Testing

@testable import Sessions
@testable import SessionsFlask
@testable import SessionsValues

/// Random values come back, and random damage never stops the process.
@Suite struct MessagePackFuzzTests {
    private static let seed: UInt64 = 0x4D50_2026
    private static let rounds = 10_000

    @Test func whateverIsWrittenIsReadBack() throws {
        print("MessagePackFuzzTests: seed \(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        for round in 0..<Self.rounds / 4 {
            let value = Self.value(&generator, depth: 4)
            let bytes = try MessagePack.encode(value)
            #expect(try MessagePack.decode(bytes) == value, "round \(round)")
        }
    }

    @Test func damagedRecordsAreRefusedOrReadAsSomething() throws {
        var generator = SeededGenerator(seed: Self.seed + 1)
        let coder = FlaskSessionCoder(serialization: .messagePack)
        let id = FlaskSessionID(using: .system, length: 32)
        for round in 0..<Self.rounds {
            var bytes = try MessagePack.encode(
                ["_permanent": true, "a": Self.value(&generator, depth: 3), "b": Self.value(&generator, depth: 2)])
            Self.damage(&bytes, &generator)
            guard let record = try? coder.decode(bytes, id: id) else { continue }
            // What was read can be written as it was, and anew: then damaged times have lost what Python does not keep.
            let same = try coder.encode(record.values, after: record)
            #expect(try coder.decode(same, id: id).values == record.values, "round \(round)")
            let anew = try coder.encode(record.values, after: nil)
            let again = try coder.decode(anew, id: id).values
            #expect(try coder.encode(again, after: nil) == anew, "round \(round)")
        }
    }

    @Test func randomBytesNeverStopTheProcess() {
        var generator = SeededGenerator(seed: Self.seed + 2)
        let coder = FlaskSessionCoder(serialization: .json)
        let id = FlaskSessionID(using: .system, length: 32)
        for _ in 0..<Self.rounds {
            let bytes = (0..<Int.random(in: 0...100, using: &generator)).map { _ in
                // Half of them are heads, which make the most of what follows.
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0x80...0xDF, using: &generator) : UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? MessagePack.decode(bytes)
            _ = try? coder.decode(bytes, id: id)
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.insert(UInt8.random(in: 0xC0...0xDF, using: &generator), at: place)
            default: bytes.remove(at: place)
            }
        }
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int) -> SessionValue {
        let number = generator.next()
        switch Int.random(in: 0...(depth > 0 ? 9 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(number % 2 == 0)
        case 2: return .int(Int(truncatingIfNeeded: number) >> Int.random(in: 0...63, using: &generator))
        case 3: return .double(Double(bitPattern: number))
        case 4: return BigInteger(String(number)).map { .bigInteger($0) } ?? .int(0)
        case 5: return .string(Self.text(&generator))
        case 6: return .bytes(Array(Self.text(&generator).utf8))
        case 7: return .date(Date(timeIntervalSince1970: Double(Int(number >> 31)) + Double(number % 1000) / 1000))
        case 8:
            let count = Int.random(in: 0...8, using: &generator)
            return .list((0..<count).map { _ in Self.value(&generator, depth: depth - 1) })
        default:
            let count = Int.random(in: 0...8, using: &generator)
            return .dictionary(
                SessionDictionary(
                    (0..<count).map { _ in
                        (key: Self.text(&generator), value: Self.value(&generator, depth: depth - 1))
                    }))
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let letters = Array("aé\u{301}\u{0}😀 \"\\{}.")
        let count = [0, 1, 5, 31, 32, 300].randomElement(using: &generator) ?? 0
        return String((0..<count).compactMap { _ in letters.randomElement(using: &generator) })
    }
}
