// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension [UInt8] {
    /// Whether both have the same bytes, in a time that depends on their number alone. An attacker who measures the time
    /// does not learn how many bytes of a guess are right.
    package func hasSameBytes(as other: [UInt8]) -> Bool {
        guard self.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in self.indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
