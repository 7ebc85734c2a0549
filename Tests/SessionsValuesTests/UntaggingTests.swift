// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// Tags over values that Flask never writes under them, which Python's constructors accept.
@Suite struct UntaggingTests {
    /// The tuple of a text is its characters, and the markup of a tuple is its text: one in the other, each pair makes the
    /// value three times as long. Found by fuzzing.
    @Test(arguments: [1, 2, 8, 9, 20, 200])
    func tagsInTagsDoNotFillTheMemory(pairs: Int) throws {
        let text = String(repeating: #"{" m":{" t":"#, count: pairs) + #""ab""# + String(repeating: "}}", count: pairs)
        let value = try? TaggedJSON.decode(Array(text.utf8))
        switch pairs {
        case 1: #expect(value == .markup("(a, b)"))
        case 2: #expect(value == .markup("((, a, ,,  , b, ))"))
        case 8: #expect(value != nil)
        default: #expect(value == nil)
        }
    }

    /// The bound is for the whole text, however its tags are spread.
    @Test(arguments: [(1 << 16, true), ((1 << 16) + 1, false)])
    func manySmallOnesAreCountedTogether(count: Int, isRead: Bool) {
        let tuples = Array(repeating: #"{" t":"0123456789abcdef"}"#, count: count / 16)
        let rest = String(repeating: "x", count: count % 16)
        let text = "[" + (tuples + [#"{" t":"\#(rest)"}"#]).joined(separator: ",") + "]"
        #expect(((try? TaggedJSON.decode(Array(text.utf8))) != nil) == isRead)
    }

    /// What Flask writes has no bound but that of the whole.
    @Test func whatFlaskWritesIsNotCounted() throws {
        let text = String(repeating: "x", count: 100_000)
        let ones = Array(repeating: "1", count: 100_000).joined(separator: ",")
        let json = #"{"a":{" m":"\#(text)"},"b":{" t":[\#(ones)]}}"#
        guard case .dictionary(let values) = try TaggedJSON.decode(Array(json.utf8)) else {
            Issue.record("this is a dictionary")
            return
        }
        #expect(values["a"] == .markup(text) && values["b"] == .tuple(Array(repeating: 1, count: 100_000)))
    }
}
