// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsPages

@Suite struct PageLinksTests {
    @Test(arguments: [
        ("/devices", "/devices/style.css"), ("/devices/", "/devices/style.css"), ("./", "./style.css"),
    ])
    func theStyleSheetIsUnderThePage(page: String, style: String) {
        #expect(PageLinks(page: page).style == style)
    }

    @Test(arguments: [
        ("/account/devices", "./devices"), ("/account/devices/", "./"), ("/", "./"), ("", "./"),
        ("/devices?\u{301}=/b", "./devices"),
        ("/devices?a=/b", "./devices"), ("//other.example/x:y", "./x:y"), ("/a%2Fb", "./a%2Fb"),
    ])
    func aRelativeLinkStaysWhereThePageIs(path: String, page: String) {
        #expect(PageLinks(relativeTo: path).page == page)
    }
}
