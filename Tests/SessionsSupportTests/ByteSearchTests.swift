// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport
import Testing

@Suite struct ByteSearchTests {
    @Test(arguments: [
        ("", "", true), ("a", "", true), ("", "a", false), ("a", "a", true), ("a", "b", false), ("ab", "abc", false),
        ("aab", "ab", true), ("abab", "bab", true), ("aaab", "aab", true), ("abc", "c", true), ("abc", "ac", false),
        ("é", "\u{301}", false), ("e\u{301}", "\u{301}", true),
    ])
    func whatIsThereIsFound(text: String, part: String, isThere: Bool) {
        #expect(Array(text.utf8).contains(bytes: Array(part.utf8)) == isThere)
    }

    @Test func itAgreesWithTheStandardLibrary() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                UInt8.random(in: 0...2, using: &generator)
            }
            let part = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                UInt8.random(in: 0...2, using: &generator)
            }
            #expect(bytes.contains(bytes: part) == (bytes.firstRange(of: part) != nil), "\(part) in \(bytes)")
        }
    }
}
