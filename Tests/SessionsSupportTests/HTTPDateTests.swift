// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct HTTPDateTests {
    @Test(
        arguments: [
            (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"), (-62_135_596_801, nil),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (253_402_300_800, nil), (Int.min, nil), (Int.max, nil),
            (-2_203_891_200, "Thu, 01 Mar 1900 00:00:00 GMT"), (-59_011_459_200, "Fri, 01 Jan 0100 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] as [(Int, String?)])
    func datesAreWrittenFromYear1To9999(seconds: Int, text: String?) {
        #expect(HTTPDate.format(seconds) == text)
    }

    @Test func whatIsWrittenIsReadBack() {
        // Years below 100 would be read as two-digit ones.
        for seconds in stride(from: -59_011_459_200, through: 253_402_300_799, by: 41_942_911) {
            let text = HTTPDate.format(seconds)
            #expect(text.flatMap(HTTPDate.parse) == seconds)
        }
    }

    @Test func daysOfTheWeekFollowEachOther() {
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        for day in 0..<1000 {
            #expect(HTTPDate.format(day * 86_400)?.prefix(3) == names[day % 7][...])
        }
    }

    // The tables below are frozen from Werkzeug 3.1.8 on Python 3.11.

    @Test(
        arguments: [
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Thursday, 29-Feb-24 23:59:59 GMT", 1_709_251_199),
            ("Thu Feb 29 23:59:59 2024", 1_709_251_199),
            ("29 Feb 2024 23:59:59", 1_709_251_199),
            ("29 Feb 2024 23:59", 1_709_251_140),
            ("Thu,29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("29 February 2024 23.59.59 GMT", 1_709_251_199),
            ("29 Feb 2024 23.59 GMT", 1_709_251_140),
            ("February 29, 2024 23:59:59 GMT", 1_709_251_199),
            ("29 Feb 23:59:59 2024 GMT", 1_709_251_199),
            ("Thu Feb 29 23:59:59 UTC 2024", 1_709_251_199),
            ("29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("1 Jan 2024, 00:00:00, GMT", 1_704_067_200),
            ("1 Jan 2024 00:00:00 GMT extra words", 1_704_067_200),
            ("1 Jan GMT 00:00:00 2024", 1_704_067_200),
            ("Xyz, 01 Jan 2024 00:00:00 GMT", 1_704_067_200),
            ("123, 01 Jan 2024 00:00:00 GMT", 1_704_067_200),
            ("THU, 01 JAN 2024 00:00:00 gmt", 1_704_067_200),
            ("1 Jan 2_024 0_1:00:00 GMT", 1_704_070_800),
            ("1 Jan 2024 +1:00:00 GMT", 1_704_070_800),
        ] as [(String, Int?)])
    func pythonsFormsAreRead(text: String, seconds: Int?) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(
        arguments: [
            ("29 Feb 2024 23:59:59 GMT (leap day)", 1_709_251_199),
            ("29 Feb 2024 23:59:59 (leap)", 1_709_251_199),
            ("Thu, 29 Feb 2024 23:59 +0530", 1_709_231_340),
            ("29 Feb 2024 23:59:59+0530", 1_709_231_399),
            ("29 Feb 2024 23:59:59 -0800", 1_709_279_999),
            ("29 Feb 2024 23:59:59 EST", 1_709_269_199),
            ("29 Feb 2024 23:59:59 pdt", 1_709_276_399),
            ("29 Feb 2024 23:59:59 CEST", 1_709_251_199),
            ("1 Jan 9999 23:59:59 -2359", 253_370_937_539),
            ("1 Jan 2024 00:00:00 +2400", nil),
            ("31 Dec 9999 23:59:59 +0001", 253_402_300_739),
            ("31 Dec 9999 23:59:59 -0001", nil),
            ("1 Jan 0100 00:00:00 +0001", -59_011_459_260),
            ("1 Jan 2024 00:00:00 +99", 1_704_061_260),
            ("1 Jan 2024 00:00:00 -0000", 1_704_067_200),
            ("1 Jan 2024 00:00:00 5", 1_704_066_900),
            ("1 Jan 2024 00:00:00 +00_30", 1_704_065_400),
            ("1 Jan 2024 00:00:00 99999999999999999999999", nil),
        ] as [(String, Int?)])
    func zonesAreReadAsPythonReadsThem(text: String, seconds: Int?) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(
        arguments: [
            ("29 Feb 68 00:00:00 GMT", 3_097_699_200),
            ("1 Jan 69 00:00:00 GMT", -31_536_000),
            ("1 Jan 0050 00:00:00 GMT", 2_524_608_000),
            ("Sat, 01 Jan 0050 00:00:00 GMT", 2_524_608_000),
            ("1 Jan 100 00:00:00 GMT", -59_011_459_200),
            ("Mon, 01 Jan 0100 00:00:00 GMT", -59_011_459_200),
            ("1 Jan 10000 00:00:00 GMT", nil),
            ("1 Jan 99999999999999999999 00:00:00 GMT", nil),
            ("1 Jan -5 00:00:00 GMT", nil),
        ] as [(String, Int?)])
    func yearsAreReadAsPythonReadsThem(text: String, seconds: Int?) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(
        arguments: [
            ("Wed, 31 Feb 2024 00:00:00 GMT", nil),
            ("29 Feb 2023 00:00:00 GMT", nil),
            ("29 Feb 1900 00:00:00 GMT", nil),
            ("1 Jan 2024 24:00:00 GMT", nil),
            ("1 Jan 2024 00:60:00 GMT", nil),
            ("1 Jan 2024 00:00:60 GMT", nil),
            ("0 Jan 2024 00:00:00 GMT", nil),
            ("1 Sept 2024 00:00:00 GMT", nil),
            ("1 January", nil),
            ("tomorrow", nil),
            ("", nil),
            (" \u{9}", nil),
            ("Mon", nil),
            ("Mon,", nil),
            ("Mon, ", nil),
            ("1 Jan 2024", nil),
            ("1 Jan 2024 12", nil),
            ("1 Jan 2024 1:2:3:4", nil),
            ("1-1-2024 00:00:00 GMT", nil),
            ("2024-01-01T00:00:00Z", nil),
            ("1, Jan 2024 00:00:00 GMT", nil),
            ("Thu, 29 Foo 2024 23:59:59 GMT", nil),
            ("Thu, 2\u{303} Feb 2024 00:00:00 GMT", nil),
        ] as [(String, Int?)])
    func impossibleDatesAreNil(text: String, seconds: Int?) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(
        arguments: [
            (
                "\u{661} Jan \u{662}\u{660}\u{662}\u{664} \u{660}\u{660}:\u{660}\u{660}:\u{660}\u{660} GMT",
                1_704_067_200
            ),
            ("1\u{A0}Jan\u{A0}2024\u{A0}00:00:00\u{A0}GMT", 1_704_067_200),
            ("1\u{1C}Jan\u{1C}2024\u{1C}00:00:00", 1_704_067_200),
            ("1 Jan \u{B2}024 00:00:00 GMT", nil),
            ("1 Jan 2024\r\n00:00:00\u{3000}GMT", 1_704_067_200),
        ] as [(String, Int?)])
    func digitsAndSpacesOfUnicodeCount(text: String, seconds: Int?) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test func hugeNumbersAreNil() {
        let digits = String(repeating: "9", count: 5000)
        #expect(HTTPDate.parse("1 Jan \(digits) 00:00:00 GMT") == nil)
        #expect(HTTPDate.parse("1 Jan 2024 \(digits):00:00 GMT") == nil)
        // Python does not read more than 4300 digits as a number, so this zone is an unknown name.
        #expect(HTTPDate.parse("1 Jan 2024 00:00:00 \(digits)") == 1_704_067_200)
    }
}
