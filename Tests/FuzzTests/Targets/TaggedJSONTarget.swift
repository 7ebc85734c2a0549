// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import SessionsValues

extension FuzzTarget {
    static let taggedJSON = FuzzTarget("tagged-json", "Flask's JSON of sessions, and what is decoded later") { input in
        let later = Self.read(input, readsLater: true)
        let now = Self.read(input, readsLater: false)
        try require(later == now, "what is decoded later is another value")
        guard case .success(let value) = later, case .success(let decoded) = now else { return }
        // The same value, copied where its text is canonical, and written anew.
        let (copied, written) = (try? TaggedJSON.encode(value), try? TaggedJSON.encode(decoded))
        try require(copied == written, "a text that was copied is not as it would have been written")
        guard let written else {
            return try require(Self.isTooDeep(decoded), "a value that was read is not written")
        }
        try require(written.allSatisfy { (0x20...0x7E).contains($0) }, "what was written is not visible ASCII")
        try require(Self.read(written, readsLater: true) == .success(decoded), "written and read, it is another value")
        try require(try TaggedJSON.encode(try TaggedJSON.decode(written)) == written, "one value has two spellings")
    }

    private static func read(_ input: [UInt8], readsLater: Bool) -> Result<SessionValue, TaggedJSONError> {
        Result { () throws(TaggedJSONError) in
            var reader = try TaggedJSONReader(input, readsLater: readsLater)
            return try reader.readDocument()
        }.mapError { TaggedJSONError($0.kind) }
    }

    /// Whether the value may be refused by the writer: it has as many levels as may be read, and a tag adds one.
    private static func isTooDeep(_ value: SessionValue) -> Bool {
        do throws(TaggedJSONError) {
            _ = try TaggedJSON.encode(value)
            return false
        } catch {
            return error.kind == .tooDeep
        }
    }
}
