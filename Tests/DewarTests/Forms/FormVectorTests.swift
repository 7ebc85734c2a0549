// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Dewar

/// The `form` cases of http_pieces.json: what real Flask made of a body.
@Suite struct FormVectorTests {
    @Test func everyFormReadsAsInFlask() throws {
        let pieces = try #require(try Fixtures.json("http_pieces") as? [String: Any])
        let cases = try #require(pieces["form"] as? [[String: Any]])
        #expect(!cases.isEmpty)
        for vector in cases { try self.check(vector) }
    }

    private func check(_ vector: [String: Any]) throws {
        let name = Comment(rawValue: vector["name"] as? String ?? "?")
        let body = try Self.bytes(base64: vector["body_base64"])
        let contentType = vector["content_type"] as? String
        if let status = vector["status"] as? Int {
            #expect(status == 413, name)
            #expect(throws: FormTooLargeError.self, name) {
                try FormParser().parse(body, contentType: contentType)
            }
            return
        }
        let form = try FormParser().parse(body, contentType: contentType)
        let fields = try #require(vector["fields"] as? [[Any]], name)
        #expect(form.fields.names.map { Array($0.utf8) } == fields.map { Array(($0[0] as? String ?? "?").utf8) }, name)
        for field in fields {
            let values = form.getList(try #require(field[0] as? String)).map { Array($0.utf8) }
            #expect(values == (field[1] as? [String])?.map { Array($0.utf8) }, name)
        }
        let files = try #require(vector["files"] as? [[String]], name)
        try #require(form.files.count == files.count, name)
        for (file, expected) in zip(form.files, files) {
            #expect(Array(file.name.utf8) == Array(expected[0].utf8), name)
            #expect(Array(file.filename.utf8) == Array(expected[1].utf8), name)
            #expect(file.content == (try Self.bytes(base64: expected[2])), name)
        }
    }

    private static func bytes(base64 value: Any?) throws -> [UInt8] {
        let text = try #require(value as? String)
        return Array(try #require(Data(base64Encoded: text)))
    }
}
