// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import SessionsSupport
import SessionsTesting
import Synchronization

/// Decisions that follow from a seed.
package struct Lots: Sendable {
    private var generator: SeededGenerator

    package init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    package mutating func number() -> UInt64 { self.generator.next() }

    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &self.generator) }

    package mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.generator) }

    /// Whether something happens that happens so many times in a thousand.
    package mutating func happens(_ perMille: Int) -> Bool { self.below(1000) < perMille }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[self.below(elements.count)] }

    /// One of several, each with a weight.
    package mutating func pick<Element>(weighted elements: [(Element, Int)]) -> Element {
        var left = self.below(elements.reduce(0) { $0 + $1.1 })
        for (element, weight) in elements {
            if left < weight { return element }
            left -= weight
        }
        return elements[0].0
    }
}

/// Random bytes for the library, from a seed.
package final class SeededBytes: Sendable {
    private let generator: Mutex<SeededGenerator>

    package init(seed: UInt64) {
        self.generator = Mutex(SeededGenerator(seed: seed))
    }

    package var random: SessionRandom {
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
    package func fraction() -> Double { self.generator.withLock { Double.random(in: 0...1, using: &$0) } }
}
