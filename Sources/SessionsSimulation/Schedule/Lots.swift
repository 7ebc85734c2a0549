// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import SessionsTesting
import Synchronization

/// Decisions that follow from a seed.
struct Lots {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func number() -> UInt64 { self.generator.next() }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self.generator) }

    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.generator) }

    /// Whether something happens that happens so many times in a thousand.
    mutating func happens(_ perMille: Int) -> Bool { self.below(1000) < perMille }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[self.below(elements.count)] }

    /// One of several, each with a weight.
    mutating func pick<Element>(weighted elements: [(Element, Int)]) -> Element {
        var left = self.below(elements.reduce(0) { $0 + $1.1 })
        for (element, weight) in elements {
            if left < weight { return element }
            left -= weight
        }
        return elements[0].0
    }
}

/// Random bytes for the library, from a seed.
final class SeededBytes: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) {
        self.generator = Mutex(SeededGenerator(seed: seed))
    }

    var random: SessionRandom {
        SessionRandom { count in
            self.generator.withLock { generator in
                var bytes: [UInt8] = []
                bytes.reserveCapacity(count + 7)
                while bytes.count < count { bytes.append(bigEndian: generator.next()) }
                return Array(bytes.prefix(count))
            }
        }
    }

    /// A number between 0 and 1, for pauses that vary.
    func fraction() -> Double { self.generator.withLock { Double.random(in: 0...1, using: &$0) } }
}
