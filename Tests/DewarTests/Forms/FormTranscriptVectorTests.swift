// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Dewar

/// The bodies of http_transcripts.json: whether real Flask found the field `username`, and what it stored.
@Suite struct FormTranscriptVectorTests {
    @Test func everyPostedLoginReadsAsInFlask() throws {
        let file = try #require(try Fixtures.json("http_transcripts") as? [String: Any])
        let transcripts = try #require(file["transcripts"] as? [[String: Any]])
        var checked = 0
        for transcript in transcripts {
            for step in transcript["steps"] as? [[String: Any]] ?? [] where try self.check(step, of: transcript) {
                checked += 1
            }
        }
        #expect(checked > 0)
    }

    /// True when `step` is a posted login, which is then checked.
    private func check(_ step: [String: Any], of transcript: [String: Any]) throws -> Bool {
        let name = Comment(rawValue: transcript["name"] as? String ?? "?")
        let request = try #require(step["request"] as? [String: Any])
        let expected = try #require(step["expect"] as? [String: Any])
        guard request["method"] as? String == "POST", let target = request["target"] as? String,
            target.split(separator: "?").first == "/login", let body = try self.body(of: request)
        else { return false }
        let headers = request["headers"] as? [[String]] ?? []
        let contentType = headers.first { $0[0].lowercased() == "content-type" }?[1]
        switch expected["status"] as? Int {
        case 413:
            #expect(throws: FormTooLargeError.self, name) { try FormParser().parse(body, contentType: contentType) }
        case 400:
            #expect(try !FormParser().parse(body, contentType: contentType).contains("username"), name)
        case 200, 302:
            let username = try FormParser().parse(body, contentType: contentType)["username"]
            if let stored = self.storedUsername(in: expected) {
                #expect(Array(username.utf8) == Array(stored.utf8), name)
            }
        default:
            return false
        }
        return true
    }

    private func body(of request: [String: Any]) throws -> [UInt8]? {
        if let text = request["body"] as? String { return Array(text.utf8) }
        if let text = request["body_base64"] as? String { return Array(try #require(Data(base64Encoded: text))) }
        guard let part = request["body_repeat"] as? [String: Any] else { return nil }
        let unit = try #require(part["unit"] as? String)
        return Array((part["prefix"] as? String ?? "").utf8)
            + Array(String(repeating: unit, count: try #require(part["count"] as? Int)).utf8)
    }

    private func storedUsername(in expected: [String: Any]) -> String? {
        let session = expected["stored_session"] as? [String: Any]
        let entry = (session?["entries"] as? [[[String: Any]]])?.first { $0.first?["value"] as? String == "username" }
        return entry?.last?["value"] as? String
    }
}
