// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsValues

@Suite struct TaggedDateTests {
    /// What real Flask reads as None, without a look at the kind of the value.
    @Test(arguments: [
        "null", "0", "-0.0", "false", "\"\"", "[]", "{}", "{\" t\":[]}", "{\" b\":\"\"}", "{\" b\":\"YQ==\"}",
    ])
    func whatIsEmptyIsNoDate(value: String) throws {
        #expect(try TaggedJSON.decode(Array("{\" d\":\(value)}".utf8)) == .null)
    }

    @Test(arguments: ["1", "true", "NaN", "[0]", "{\"a\":0}", "{\" u\":\"00112233445566778899aabbccddeeff\"}"])
    func anyOtherValueMakesTheTextUnreadable(value: String) {
        #expect(throws: TaggedJSONError.self) { try TaggedJSON.decode(Array("{\" d\":\(value)}".utf8)) }
    }

    /// A zone leads out of the years that can be written.
    @Test func aDateThatCannotBeWrittenIsNull() throws {
        #expect(try TaggedJSON.decode(Array("{\" d\":\"Fri, 31 Dec 9999 23:59:59 -0001\"}".utf8)) == .null)
    }
}
