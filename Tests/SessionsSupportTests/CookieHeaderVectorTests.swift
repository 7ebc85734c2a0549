// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@Suite struct CookieHeaderVectorTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var header: [UInt8]
        var pairs: [[String]]
        var first: [String: String]
    }

    static func cases() throws -> [Case] {
        let file = try #require(Fixtures.json("cookie_header") as? [String: Any])
        return try #require(file["cases"] as? [[String: Any]]).map { entry in
            let base64 = try #require(entry["header_base64"] as? String)
            return Case(
                testDescription: try #require(entry["name"] as? String),
                header: Array(try #require(Data(base64Encoded: base64))),
                pairs: try #require(entry["pairs"] as? [[String]]),
                first: try #require(entry["first"] as? [String: String]))
        }
    }

    @Test func thereAreCases() throws {
        #expect(try Self.cases().count > 70)
    }

    /// Where Dewar differs from Flask on purpose (docs/FLASK.md): a `;` in quotes ends the pair too, and of white space
    /// only spaces and tabs are trimmed.
    static let differences: [String: [[String]]] = [
        "quoted semicolon": [["a", "\"b"], ["c\"", ""], ["d", "e"]],
        "value ending in byte A0": [["a", "\u{C3}\u{A0}"]],
    ]

    @Test(arguments: differences.keys.sorted())
    func whereDewarDiffersFromFlask(name: String) throws {
        let vector = try #require(try Self.cases().first { $0.testDescription == name })
        let pairs = CookieHeader(bytes: vector.header).pairs.map { [$0.name, $0.value] }
        #expect(pairs == Self.differences[name])
        #expect(pairs != vector.pairs)
    }

    @Test(arguments: try cases().filter { differences[$0.testDescription] == nil })
    func pairsAreThoseOfAFlaskApp(vector: Case) {
        let cookies = CookieHeader(bytes: vector.header)
        let pairs = cookies.pairs.map { [Array($0.name.utf8), Array($0.value.utf8)] }
        #expect(pairs == vector.pairs.map { $0.map { Array($0.utf8) } })
        for (name, value) in vector.first {
            #expect(cookies.first(name).map { Array($0.utf8) } == Array(value.utf8))
            #expect(cookies.all(name).count == vector.pairs.filter { $0[0] == name }.count)
        }
    }
}
