// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@Suite struct HTTPDateVectorTests {
    struct Case: Sendable {
        var seconds: Int
        var text: String
        var parsed: Int
    }

    static func cases() throws -> [Case] {
        let file = try #require(Fixtures.json("http_pieces") as? [String: Any])
        return try #require(file["http_date"] as? [[String: Any]]).map { entry in
            Case(
                seconds: try #require(entry["seconds"] as? Int), text: try #require(entry["text"] as? String),
                parsed: try #require(entry["parsed_seconds"] as? Int))
        }
    }

    @Test func thereAreCases() throws {
        #expect(try Self.cases().count > 10)
    }

    @Test(arguments: try cases())
    func datesAreThoseOfPython(vector: Case) {
        #expect(HTTPDate.format(vector.seconds) == vector.text)
        #expect(HTTPDate.parse(vector.text) == vector.parsed)
    }
}
