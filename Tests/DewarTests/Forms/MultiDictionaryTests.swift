// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct MultiDictionaryTests {
    let sample = MultiDictionary([("a", "1"), ("b", "2"), ("a", "3"), ("", "x"), ("c", "")])

    @Test func theFirstValueIsGiven() throws {
        #expect(try self.sample["a"] == "1")
        #expect(self.sample.get("a") == "1")
        #expect(self.sample.get("c") == "")
        #expect(try self.sample[""] == "x")
    }

    @Test func aMissingNameThrowsOrGivesTheDefault() {
        #expect(throws: MissingFieldError(name: "user")) { try self.sample["user"] }
        #expect(MissingFieldError(name: "user").description.contains("\"user\""))
        #expect(self.sample.get("user") == nil)
        #expect(self.sample.get("user", default: "nobody") == "nobody")
        #expect(self.sample.get("c", default: "nobody") == "")
        #expect(!self.sample.contains("user"))
        #expect(self.sample.contains("c"))
    }

    @Test func valuesAreConverted() {
        let numbers = MultiDictionary([("n", "42"), ("x", "4x"), ("f", "1.5"), ("t", "true")])
        #expect(numbers.get("n", as: Int.self) == 42)
        #expect(numbers.get("x", as: Int.self) == nil)
        #expect(numbers.get("none", as: Int.self) == nil)
        #expect(numbers.get("f", as: Double.self) == 1.5)
        #expect(numbers.get("t", as: Bool.self) == true)
    }

    @Test func repeatedNamesKeepTheirOrder() {
        #expect(self.sample.getList("a") == ["1", "3"])
        #expect(self.sample.getList("user").isEmpty)
        #expect(self.sample.names == ["a", "b", "", "c"])
        #expect(self.sample.count == 5)
        #expect(self.sample.map { "\($0.name)=\($0.value)" } == ["a=1", "b=2", "a=3", "=x", "c="])
        #expect(self.sample.underestimatedCount == 5)
    }

    @Test func namesAreComparedByBytes() {
        let both = MultiDictionary([("\u{E9}", "composed"), ("e\u{301}", "decomposed")])
        #expect(both.names.count == 2)
        #expect(both.get("\u{E9}") == "composed")
        #expect(both.get("e\u{301}") == "decomposed")
    }

    @Test func equalityIsByBytesAndInOrder() {
        let one = MultiDictionary([("a", "1"), ("b", "2")])
        #expect(one == MultiDictionary([("a", "1"), ("b", "2")]))
        #expect(one != MultiDictionary([("b", "2"), ("a", "1")]))
        #expect(MultiDictionary([("a", "\u{E9}")]) != MultiDictionary([("a", "e\u{301}")]))
        #expect(Set([one, MultiDictionary([("a", "1"), ("b", "2")]), MultiDictionary()]).count == 2)
    }

    @Test func anEmptyOneIsEmpty() {
        #expect(MultiDictionary().isEmpty)
        #expect(MultiDictionary().count == 0)
        #expect(!self.sample.isEmpty)
    }

    @Test func manyNamesAreFound() {
        let many = MultiDictionary((0..<10_000).map { (number: Int) in ("n\(number)", "\(number)") })
        #expect((0..<10_000).allSatisfy { (number: Int) in many.get("n\(number)", as: Int.self) == number })
        #expect(many.names.count == 10_000)
    }
}
