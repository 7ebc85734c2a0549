// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct SameSiteTests {
    @Test(arguments: [
        ("Strict", SameSite.strict), ("strict", .strict), ("LAX", .lax), ("lAx", .lax), ("none", .crossSite),
        ("None", .crossSite),
    ])
    func anyLetterCaseIsRead(text: String, expected: SameSite) {
        #expect(SameSite(caseInsensitive: text) == expected)
    }

    @Test(arguments: ["", "Lax ", " Lax", "relaxed", "Laxx", "La", "NON\u{45}\u{301}", "Strıct", "l\u{1}x"])
    func otherTextIsRefused(text: String) {
        #expect(SameSite(caseInsensitive: text) == nil)
    }

    @Test func theRawValueIsTheAttribute() {
        #expect(SameSite.allCases.map(\.rawValue) == ["Strict", "Lax", "None"])
    }
}
