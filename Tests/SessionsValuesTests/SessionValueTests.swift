// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Testing

/// Python's truth, Python's `str()`, and equality of what would be stored.
@Suite struct SessionValueTests {
    private static let big = BigInteger("18446744073709551616").map(SessionValue.bigInteger)

    @Test(
        arguments: [
            .null, false, 0, 0.0, -0.0, "", .bytes([]), .markup(""), [], .tuple([]), [:],
        ] as [SessionValue])
    func anEmptyValueIsFalse(_ value: SessionValue) {
        #expect(!value.isTruthy)
    }

    @Test(
        arguments: [
            true, 1, -1, 0.1, .double(.nan), .double(.infinity), "0", "False", " ", .bytes([0]), .markup("x"), [0],
            .tuple([.null]), ["a": 0], .date(Date(timeIntervalSince1970: 0)), .uuid(UUID()),
        ] as [SessionValue])
    func anyOtherValueIsTrue(_ value: SessionValue) {
        #expect(value.isTruthy)
    }

    @Test func aHugeNumberIsTrue() throws {
        #expect(try #require(Self.big).isTruthy)
    }

    @Test(
        arguments: [
            (.null, "None"), (true, "True"), (false, "False"), (-7, "-7"), (1.0, "1.0"), (0.1, "0.1"), (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"), (0.0001, "0.0001"), (0.00001, "1e-05"), (-0.0, "-0.0"),
            (.double(.nan), "nan"), (.double(.infinity), "inf"), (.double(-.infinity), "-inf"), ("text", "text"),
            (.markup("<b>"), "<b>"),
        ] as [(SessionValue, String)])
    func aValuePrintsAsInPython(_ value: SessionValue, _ text: String) {
        #expect("\(value)" == text)
    }

    @Test func aHugeNumberPrintsItsDigits() throws {
        #expect("\(try #require(Self.big))" == "18446744073709551616")
    }

    @Test func aUUIDPrintsInLowerCase() {
        #expect(
            "\(SessionValue.uuid(UUID(uuid: (0xAB, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))))"
                == "ab000000-0000-0000-0000-000000000001")
    }

    @Test func zeroDiffersFromMinusZeroAndNaNEqualsItself() {
        #expect(SessionValue.double(0) != .double(-0.0))
        #expect(SessionValue.double(.nan) == .double(-.nan))
        #expect(Set([SessionValue.double(.nan), .double(-.nan)]).count == 1)
    }

    @Test func kindsAreNeverEqual() {
        let kinds: [SessionValue] = [.null, false, 0, 0.0, "", .markup(""), .bytes([]), [], .tuple([]), [:]]
        for (index, left) in kinds.enumerated() {
            for (other, right) in kinds.enumerated() { #expect((left == right) == (index == other)) }
        }
        #expect(Set(kinds).count == kinds.count)
    }
}
