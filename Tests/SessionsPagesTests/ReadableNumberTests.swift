// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsPages

@Suite struct ReadableNumberTests {
    @Test(arguments: [
        (0, "0"), (12, "12"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_000_000, "1,000,000"),
    ])
    func thousandsAreSetApart(number: Int, text: String) {
        #expect(ReadableNumber.english(number) == text)
    }
}
