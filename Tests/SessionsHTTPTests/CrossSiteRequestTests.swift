// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import SessionsHTTP
import Testing

@Suite struct CrossSiteRequestTests {
    /// A sign beyond ASCII makes one character of itself and the question mark before it.
    @Test(arguments: [
        ("/ping", "/ping"), ("/ping?a=/b", "/ping"), ("/ping?", "/ping"), ("/ping?\u{301}", "/ping"), ("*", "*"),
    ])
    func thePathIsWithoutTheQuery(target: String, path: String) {
        let request = HTTPRequest(method: .post, scheme: "https", authority: "shop.example", path: target)
        #expect(CrossSiteRequest(request).path == path)
    }
}
