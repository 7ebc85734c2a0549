// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct URLValueTests {
    @Test(arguments: [
        (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e16, "1e+16"), (9_999_999_999_999_998, "9999999999999998.0"),
        (9.2e15, "9200000000000000.0"), (1.1e16, "1.1e+16"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1e100, "1e+100"),
        (.leastNonzeroMagnitude, "5e-324"), (123456.789, "123456.789"), (-.infinity, "-inf"), (.nan, "nan"),
    ])
    func numbersAreWrittenAsInPython(number: Double, text: String) {
        #expect(URLValue(number).text == text)
    }

    @Test func literalsAndVariablesMakeTheSameValues() {
        let literals: [URLValue] = ["a\(1)", 1, 1.5, true, nil, ["a", 2]]
        let made = [URLValue("a1"), URLValue(UInt8(1)), URLValue(1.5), URLValue(true), .null, URLValue(["a", 2])]
        #expect(literals == made)
        #expect(URLValue(UInt64.max).text == "18446744073709551615")
        #expect(URLValue("text".dropFirst()).text == "ext")
    }

    @Test(arguments: ["0x1p3", "1__0", "_1", "1_", "1e", ".", "", "+", "1 2", "nan(1)", "--1", "1.5.2"])
    func textThatPythonRefusesIsNoNumber(text: String) {
        #expect(PythonNumber.double(text) == nil)
        #expect(PythonNumber.integerText(text) == nil)
    }

    @Test(
        arguments: [
            (" 1_000.5 ", 1000.5), ("-INF", -.infinity), (".5", 0.5), ("5.", 5), ("+1e-2", 0.01), ("٣", 3),
        ] as [(String, Double)])
    func textThatPythonTakesIsANumber(text: String, number: Double) {
        #expect(PythonNumber.double(text) == number)
    }
}
