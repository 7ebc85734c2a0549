// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Sessions
@testable import SessionsFlask
@testable import SessionsValues

/// `flask_session_redis.json`: one value of every kind, in both of Flask-Session's formats.
@Suite struct FlaskRecordVectorTests {
    @Test func valuesAreWrittenAndReadAsMessagePack() throws {
        for test in try Fixtures.cases("flask_session_redis", "serialization") {
            let record = try #require(test.object("msgpack"))
            let bytes = try #require(record.bytes("encoded"))
            let value = try Self.value(of: test)
            #expect(try MessagePack.encode(["v": value]) == bytes, "\(test.name)")
            #expect(try MessagePack.decode(bytes) == ["v": try record.value("decoded") ?? value], "\(test.name)")
        }
    }

    @Test func valuesAreWrittenAndReadAsJSON() throws {
        for test in try Fixtures.cases("flask_session_redis", "serialization") {
            let record = try #require(test.object("json"))
            let bytes = try #require(record.bytes("encoded"))
            let value = try Self.value(of: test)
            #expect(try PlainJSONWriter.encode(["v": value]) == bytes, "\(test.name)")
            var reader = try TaggedJSONReader(bytes, isTagged: false)
            #expect(try reader.readDocument() == ["v": try record.value("decoded") ?? value], "\(test.name)")
        }
    }

    /// Swift has no time without a zone. Where Python has one, the vectors say what text it becomes.
    private static func value(of test: FixtureCase) throws -> SessionValue {
        if let json = test.object("value"), json.text("type") == "datetime", !json.has("utc_offset_seconds") {
            return try #require(try test.object("msgpack")?.value("decoded"))
        }
        return try #require(try test.value("value"))
    }
}
