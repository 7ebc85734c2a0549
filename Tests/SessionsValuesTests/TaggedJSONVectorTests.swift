// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

/// `tagged_json.json`: Flask's own writer and reader.
@Suite struct TaggedJSONVectorTests {
    @Test func valuesAreWrittenAndReadAsFlaskDoes() throws {
        for test in try Fixtures.cases("tagged_json", "round_trip") {
            let value = try #require(try test.value("value"), "\(test.name)")
            let json = test.text("json") ?? ""
            let expected = try test.value("decoded") ?? value
            #expect(try TaggedJSON.decode(Array(json.utf8)) == expected, "\(test.name)")
            let written = String(decoding: try TaggedJSON.encode(value), as: UTF8.self)
            if Self.isWrittenDifferently(test) {
                #expect(try TaggedJSON.decode(Array(written.utf8)) == expected, "\(test.name)")
            } else {
                #expect(written == json, "\(test.name)")
            }
        }
    }

    @Test func textsThatFlaskNeverWritesAreRead() throws {
        for test in try Fixtures.cases("tagged_json", "decode") {
            let expected = try test.value("decoded")
            #expect(try TaggedJSON.decode(Array((test.text("json") ?? "").utf8)) == expected, "\(test.name)")
        }
    }

    @Test func textsThatFlaskRefusesAreRefused() throws {
        for test in try Fixtures.cases("tagged_json", "decode_errors") {
            #expect(throws: TaggedJSONError.self, "\(test.name)") {
                try TaggedJSON.decode(Array((test.text("json") ?? "").utf8))
            }
        }
    }

    @Test func valuesThatFlaskRefusesCannotBePutIntoASession() throws {
        for test in try Fixtures.cases("tagged_json", "encode_errors") {
            #expect(throws: TypedValue.Unrepresentable.self, "\(test.name)") { try test.value("value") }
        }
    }

    /// Two departures: keys are always text, so that numbers as keys sort as text; and half a surrogate pair is U+FFFD.
    private static func isWrittenDifferently(_ test: FixtureCase) -> Bool {
        let typed = test.object("value").map(TypedValue.hasOtherKeys) ?? false
        return typed || "\(test.fields["value"] ?? "")".contains("code_points")
    }
}
