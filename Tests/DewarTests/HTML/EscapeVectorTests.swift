// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Dewar

/// The `escape` cases of http_pieces.json: what MarkupSafe made of a text.
@Suite struct EscapeVectorTests {
    @Test func everyTextEscapesAsInMarkupSafe() throws {
        let pieces = try #require(try Fixtures.json("http_pieces") as? [String: Any])
        let cases = try #require(pieces["escape"] as? [[String: String]])
        #expect(!cases.isEmpty)
        for vector in cases {
            let input = try #require(vector["input"])
            let output = try #require(vector["output"])
            #expect(Array(escape(input).markup.utf8) == Array(output.utf8))
            #expect(Array(HTML("\(input)").markup.utf8) == Array(output.utf8))
        }
    }
}
