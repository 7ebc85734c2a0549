// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// Integers past `Int`, up to Python's limit on digits.
@Suite struct BigIntegerTests {
    @Test func fourThousandThreeHundredDigitsAreTheLimit() throws {
        let digits = String(repeating: "7", count: 4300)
        for sign in ["", "-"] {
            let value = SessionValue.bigInteger(try #require(BigInteger(sign + digits)))
            let json = Array((sign + digits).utf8)
            #expect(try TaggedJSON.decode(json) == value)
            #expect(try TaggedJSON.encode(value) == json)
            #expect(BigInteger(sign + digits + "7") == nil)
            #expect(throws: TaggedJSONError.self) { try TaggedJSON.decode(json + [0x37]) }
        }
    }

    @Test func theBoundsOfIntAreTheBoundsOfBigIntegers() throws {
        #expect(BigInteger("9223372036854775807") == nil)
        #expect(BigInteger("-9223372036854775808") == nil)
        #expect(BigInteger("9223372036854775808")?.description == "9223372036854775808")
        #expect(BigInteger("-9223372036854775809")?.description == "-9223372036854775809")
        #expect(try TaggedJSON.decode(Array("9223372036854775807".utf8)) == .int(.max))
        #expect(try TaggedJSON.decode(Array("-9223372036854775808".utf8)) == .int(.min))
    }

    @Test(arguments: [
        "", "-", "+9223372036854775808", "9223372036854775808.0", "1e30", "٩٢٢٣٣٧٢٠٣٦٨٥٤٧٧٥٨٠٨", " 1", "0", "-0",
    ])
    func whatIsNoBigIntegerIsNone(_ text: String) {
        #expect(BigInteger(text) == nil)
    }

    @Test func leadingZerosDoNotCount() {
        #expect(BigInteger("0009223372036854775808") == BigInteger("9223372036854775808"))
    }

    @Test func aFractionWithManyDigitsIsReadInTime() throws {
        let json = Array(("1." + String(repeating: "3", count: 100_000) + "e-5").utf8)
        #expect(try TaggedJSON.decode(json) == .double(1.3333333333333333e-5))
    }
}
