// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct LocationVectorTests {
    @Test func locationHeadersAreThoseOfFlask() throws {
        let cases = try RoutingVectors.cases("redirect")
        #expect(!cases.isEmpty)
        for vector in cases {
            let location = try #require(vector["location"] as? String)
            #expect(vector["location_header"] as? String == LocationEncoding.encode(location), "\(location)")
        }
    }
}
