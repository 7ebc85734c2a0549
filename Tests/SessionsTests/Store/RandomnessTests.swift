// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import Sessions
@testable import SessionsSupport

/// Ids and secrets come from the system's generator, are long, and look like nothing. (A test cannot show that a
/// generator is good; it shows that ours is asked, and that nothing of its answer is lost on the way.)
@Suite struct RandomnessTests {
    private static let count = 1_000_000

    @Test func aMillionIDsAreDifferentAndTheirBitsInBalance() {
        var histograms = [Int](repeating: 0, count: SessionID.length * 256)
        var seen: Set<UInt64> = []
        seen.reserveCapacity(Self.count)
        for _ in 0..<Self.count {
            let bytes = SessionID(using: .system).bytes
            var half: UInt64 = 0
            for index in 0..<SessionID.length {
                histograms[index << 8 | Int(bytes[index])] += 1
                if index < 8 { half = half << 8 | UInt64(bytes[index]) }
            }
            // Half of an id is enough to tell a million apart: two agree by chance once in 40 million runs.
            seen.insert(half)
        }
        #expect(seen.count == Self.count)
        for index in 0..<SessionID.length {
            for bit in 0..<8 {
                let ones = (0..<256).reduce(0) { $0 + ($1 >> bit & 1) * histograms[index << 8 | $1] }
                // Seven standard deviations of a million fair coins.
                #expect(abs(ones - Self.count / 2) < 3500, "bit \(bit) of byte \(index): \(ones)")
            }
        }
    }

    @Test func idsHave128BitsAndSecrets256() {
        #expect(SessionID(using: .system).bytes.count == 16)
        #expect(SessionSecret(using: .system).bytes.count == 32)
        #expect(SessionSecret(using: .system).bytes != SessionSecret(using: .system).bytes)
    }

    @Test(arguments: [0, 1, 8, 15, 17, 32])
    func noIDIsShorterOrLonger(length: Int) {
        #expect(SessionID(bytes: [UInt8](repeating: 1, count: length)) == nil)
        #expect(SessionID(String(repeating: "0", count: 2 * length)) == nil)
    }

    @Test func anIDIsStoredAsItsBytes() throws {
        let id = try #require(SessionID("000102030405060708090a0b0c0d0eff"))
        #expect(id.bytes == Array(0...14) + [255])
        let json = try JSONEncoder().encode(id)
        #expect(String(decoding: json, as: UTF8.self) == #"{"bytes":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,255]}"#)
        #expect(try JSONDecoder().decode(SessionID.self, from: json) == id)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(SessionID.self, from: Data(#"{"bytes":[1,2]}"#.utf8))
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 33])
    func asManyBytesComeAsWereAskedFor(count: Int) {
        #expect(SessionRandom.system.bytes(count).count == count)
    }
}
