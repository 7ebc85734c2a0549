// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import SessionsPages

@Suite struct ReadableTimeTests {
    private let now = Date(timeIntervalSince1970: 1_796_000_000)

    @Test(arguments: [
        (-3600.0, "just now"), (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"),
        (3600, "1 hour ago"), (86_399, "23 hours ago"), (86_400, "1 day ago"), (604_799, "6 days ago"),
        (604_800, "23 November 2026"), (1_796_000_000, "1 January 1970"), (1e14, "long ago"),
    ])
    func aDistanceIsToldInWords(seconds: Double, text: String) {
        #expect(ReadableTime.english(self.now.addingTimeInterval(-seconds), now: self.now) == text)
    }

    @Test func aProgramReadsTheTimeInUTC() {
        #expect(ReadableTime.machine(Date(timeIntervalSince1970: 1_796_000_000.9)) == "2026-11-30T00:53:20Z")
        #expect(ReadableTime.machine(Date(timeIntervalSince1970: 1e14)) == nil)
        #expect(ReadableTime.machine(.distantPast.addingTimeInterval(-1e30)) == nil)
    }
}
