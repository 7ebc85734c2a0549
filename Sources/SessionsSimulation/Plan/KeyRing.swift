// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit

/// The keys that a process knows: numbers, of which one signs.
struct KeyRing: Equatable {
    var current: Int
    var accepted: [Int]

    static let first = KeyRing(current: 0, accepted: [])

    var secretKeys: SecretKeys { SecretKeys(Self.key(self.current), fallbacks: self.accepted.map(Self.key)) }

    var newest: Int { self.accepted.reduce(self.current, max) }

    func accepts(_ key: Int) -> Bool { self.current == key || self.accepted.contains(key) }

    /// Keys that an attacker in the simulation does not know. They are the same in every run.
    private static func key(_ number: Int) -> SecretKey {
        let bytes = SeededBytes(seed: UInt64(number) &+ 0xFACE_FEED_0000_0001)
        return SecretKey(bytes: bytes.random.bytes(32))
    }
}
