// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct ByteSearchTests {
    @Test(arguments: [
        ("ab", "xxabyab", [4, 7]), ("aa", "aaaa", [2, 3, 4]), ("aab", "aaab", [4]), ("abab", "abababx", [4, 6]),
        ("a", "", []), ("abc", "ab", []), ("--X", "----X--X", [5, 8]), ("aabaaa", "aabaabaaa", [9]),
    ])
    func everyPlaceIsFound(pattern: String, text: String, ends: [Int]) {
        var found: [Int] = []
        let last = ByteSearch(Array(pattern.utf8)).firstEnd(in: Array(text.utf8), from: 0) { end in
            found.append(end)
            return false
        }
        #expect(found == ends)
        #expect(last == nil)
    }

    @Test func aPlaceBeginsAtTheStartOrLater() {
        let search = ByteSearch(Array("aa".utf8))
        #expect(search.firstEnd(in: Array("aaxaa".utf8), from: 0) { _ in true } == 2)
        #expect(search.firstEnd(in: Array("aaxaa".utf8), from: 1) { _ in true } == 5)
        #expect(search.firstEnd(in: Array("aaxaa".utf8), from: 4) { _ in true } == nil)
    }
}
