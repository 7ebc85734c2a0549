// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Sessions
@testable import SessionsSupport

/// Tries to foretell random bytes as an attacker would who has seen some of them: with the generators that programs use
/// by mistake. It finds no fault with a secure generator, however often it is asked.
///
/// Such a generator looks random: its bits are in balance, and no two of its numbers are the same.
enum Predictability {
    /// How many numbers are looked at.
    static let count = 1024

    /// What foretells a source, or nil.
    static func fault(of random: SessionRandom) -> String? {
        self.fault(inBytes: random.bytes(8 * Self.count))
    }

    static func fault(inBytes bytes: [UInt8]) -> String? {
        let words = stride(from: 0, to: bytes.count - 7, by: 8).map { BigEndian.number(bytes[$0..<($0 + 8)]) }
        for words in [words, words.map(\.byteSwapped)] {
            if Set(words).count < words.count { return "a number comes twice" }
            if Self.isLinearCongruential(words) { return "a linear congruential generator" }
            if Self.isSplitMix(words) { return "SplitMix64" }
        }
        for bit in [0, 8, 31, 56, 63]
        where Self.linearComplexity(words.map { $0 >> UInt64(bit) & 1 == 1 }) < words.count / 2 - 64 {
            return "bit \(bit) is a linear function of those before"
        }
        return nil
    }

    /// Whether each number is the one before times a constant plus another, modulo 2^64; a counter is, too.
    private static func isLinearCongruential(_ words: [UInt64]) -> Bool {
        let steps = zip(words, words.dropFirst()).map { $1 &- $0 }
        guard let odd = steps.dropLast().firstIndex(where: { $0 & 1 == 1 }) else { return true }
        let factor = steps[odd + 1] &* Self.inverse(steps[odd])
        return zip(steps, steps.dropFirst()).allSatisfy { $1 == $0 &* factor }
    }

    /// The inverse of an odd number modulo 2^64: each round doubles how many bits are right.
    private static func inverse(_ number: UInt64) -> UInt64 {
        (0..<6).reduce(number) { inverse, _ in inverse &* (2 &- number &* inverse) }
    }

    /// Whether each number leads back to a state that is one step on: the mixing of SplitMix64 can be undone.
    private static func isSplitMix(_ words: [UInt64]) -> Bool {
        let states: [UInt64] = words.prefix(8).map { word in
            let first = Self.unshifted(word, 31) &* Self.inverse(0x94D0_49BB_1331_11EB)
            let second = Self.unshifted(first, 27) &* Self.inverse(0xBF58_476D_1CE4_E5B9)
            return Self.unshifted(second, 30)
        }
        let step: UInt64 = 0x9E37_79B9_7F4A_7C15
        return zip(states, states.dropFirst()).allSatisfy { $1 &- $0 == step }
    }

    /// The number of which this is `x ^ x >> shift`.
    private static func unshifted(_ number: UInt64, _ shift: UInt64) -> UInt64 {
        (0..<3).reduce(number) { x, _ in number ^ x >> shift }
    }

    /// The length of the shortest shift register that makes the bits (Berlekamp and Massey): half their number for
    /// random ones, and no more than the state has bits for xorshift, xoshiro and their like.
    private static func linearComplexity(_ bits: [Bool]) -> Int {
        var (current, before) = ([true], [true])
        var (length, gap) = (0, 1)
        for index in bits.indices {
            let isWrong = (0...length).reduce(false) { wrong, tap in
                wrong != ((tap < current.count && current[tap]) && bits[index - tap])
            }
            if isWrong {
                var next = current + [Bool](repeating: false, count: max(before.count + gap - current.count, 0))
                for (tap, bit) in before.enumerated() where bit { next[tap + gap].toggle() }
                if 2 * length <= index {
                    (length, before, gap) = (index + 1 - length, current, 0)
                }
                current = next
            }
            gap += 1
        }
        return length
    }
}
