// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import TestSupport
import Testing

/// What browsers are asked to forget.
@Suite struct ClearSiteDataTests {
    @Test(
        arguments: [
            (.afterSignOut, "\"cache\", \"storage\""), (.cache, "\"cache\""),
            ([.storage, .cookies], "\"cookies\", \"storage\""), ([], ""),
        ] as [(ClearSiteData, String)])
    func itIsAListOfQuotedNames(kinds: ClearSiteData, value: String) {
        #expect(kinds.fieldValue == value)
    }

    @Test func aResponseCarriesItOnce() throws {
        let name = try #require(HTTPField.Name(ClearSiteData.fieldName))
        var response = redirect("/")
        response.clearSiteData(.cache)
        response.clearSiteData()
        #expect(response.headers[values: name] == ["\"cache\", \"storage\""])
        var plain = redirect("/")
        plain.clearSiteData([])
        #expect(plain.headers[name] == nil)
    }
}
