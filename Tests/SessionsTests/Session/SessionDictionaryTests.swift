// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// Keys and values are told apart by their bytes, as Python does.
@Suite struct SessionDictionaryTests {
    private static let composed = "\u{e9}"
    private static let decomposed = "e\u{301}"

    @Test func twoSpellingsOfALetterAreTwoKeys() {
        #expect(Self.composed == Self.decomposed, "Swift takes them for one")
        let session = Session.fresh()
        session[Self.composed] = 1
        session[Self.decomposed] = 2
        #expect(session.count == 2)
        #expect(session[Self.composed] == 1)
        #expect(session.pop(Self.decomposed) == 2)
        #expect(session.contains(Self.composed))
        #expect(!session.contains(Self.decomposed))
    }

    @Test func bothKeysSurviveTheCookie() throws {
        let entries: SessionDictionary = [Self.composed: 1, Self.decomposed: 2]
        let json = try TaggedJSON.encode(.dictionary(entries))
        #expect(String(decoding: json, as: UTF8.self) == #"{"e\u0301":2,"\u00e9":1}"#)
        #expect(try TaggedJSON.decode(json) == .dictionary(entries))
    }

    @Test func valuesAreEqualByTheirBytes() {
        #expect(SessionValue.string(Self.composed) != .string(Self.decomposed))
        #expect(SessionValue.markup(Self.composed) != .markup(Self.decomposed))
        #expect(SessionValue.list([.string(Self.composed)]) != .list([.string(Self.decomposed)]))
        let composed: SessionDictionary = [Self.composed: 1]
        let decomposed: SessionDictionary = [Self.decomposed: 1]
        #expect(composed != decomposed)
        #expect(SessionValue.string("a") != .markup("a"))
    }

    @Test func theOrderOfKeysDoesNotCountForEquality() {
        let left: SessionDictionary = ["a": 1, "b": 2]
        let right: SessionDictionary = ["b": 2, "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1])
        #expect(left != ["a": 1, "c": 2])
    }

    @Test func aRepeatedKeyKeepsItsPlaceAndTakesTheLastValue() {
        let entries = SessionDictionary([(key: "a", value: 1), (key: "b", value: 2), (key: "a", value: 3)])
        #expect(entries.keys == ["a", "b"])
        #expect(entries["a"] == 3)
    }

    @Test func aDictionaryIsAValue() {
        var first: SessionDictionary = ["a": 1]
        let second = first
        first["a"] = nil
        first["b"] = 2
        #expect(second == ["a": 1])
        #expect(first == ["b": 2])
        first.removeAll()
        #expect(first.isEmpty)
        #expect(first.popLast() == nil)
        #expect(first.removeValue(forKey: "a") == nil)
    }
}
