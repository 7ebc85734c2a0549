// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The slot of a key in a cluster: <https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/>.
enum KeySlot {
    /// CRC-16 (XMODEM) of the key, or of the text in its first braces, modulo 16384.
    static func of(_ key: [UInt8]) -> Int {
        var remainder: UInt16 = 0
        for byte in Self.hashed(key) {
            remainder = remainder << 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: remainder >> 8) ^ byte)]
        }
        return Int(remainder) % SlotMap.count
    }

    private static func hashed(_ key: [UInt8]) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        else { return key[...] }
        return key[(open + 1)..<close]
    }

    private static let table: [UInt16] = (UInt16(0)...255).map { byte in
        (0..<8).reduce(byte << 8) { remainder, _ in
            remainder & 0x8000 == 0 ? remainder << 1 : remainder << 1 ^ 0x1021
        }
    }
}
