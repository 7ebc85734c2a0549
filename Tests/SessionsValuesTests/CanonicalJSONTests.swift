// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Testing

@testable import Sessions
@testable import SessionsValues

/// What is read later, and copied when it is written, must be exactly what reading and writing it would give.
@Suite struct CanonicalJSONTests {
    private static let canonical = [
        "null", "true", "false", "0", "7", "-1", "123456789012345678", #""""#, #""a""#, #""a b~!""#,
        #""\"\\\n\r\t\b\f""#, "[]", "{}", "[1,2]", #"[[],{},"x"]"#, #"{"a":1}"#, #"{"":0}"#,
        #"{"A":1,"B":2,"a":3,"aa":4,"ab":5,"b":6}"#, #"{"a":{"b":{"c":[1,[2,[3]]]}}}"#, #"{"_":"","~":"\\"}"#,
    ]

    private static let other = [
        "", " ", "1 ", " 1", "[1, 2]", "[ ]", #"{"a": 1}"#, "01", "-0", "-", "1.0", "1e3", "1E3", "0.5", "00", "+1",
        "1234567890123456789", "NaN", "Infinity", "-Infinity", "tru", "truex", "nul", #"""#, #""a"#, #""\u0041""#,
        #""\/""#, #""\x""#, #""\"#, "\"\u{7F}\"", "\"\t\"", "\"é\"", "[1,]", "[,1]", "[1", "[1}", "{", #"{"a"}"#,
        #"{"a":}"#, #"{"a":1,}"#, #"{"a":1"#, #"{"a":1]"#, #"{1:2}"#, #"{"b":1,"a":2}"#, #"{"a":1,"a":2}"#,
        #"{"aa":1,"a":2}"#, #"{" t":[1]}"#, #"{" ":1}"#, #"{" di":{" t__":1}}"#, #"{"\n":1}"#, #"{"a\"":1}"#,
        "[[[[[[[[1]]]]]]]]", #"[{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}]"#,
    ]

    private static func end(_ text: String) -> Int? {
        CanonicalJSON.end(ofValueAt: 0, in: Array(text.utf8).span)
    }

    @Test(arguments: Self.canonical)
    func itsEndIsFound(_ text: String) throws {
        #expect(Self.end(text) == text.utf8.count)
        // Where it ends does not depend on what comes after it.
        for after in [",", "]", "}"] { #expect(Self.end(text + after) == text.utf8.count) }
        #expect(try TaggedJSON.encode(TaggedJSON.decode(Array(text.utf8))) == Array(text.utf8))
    }

    @Test(arguments: Self.other)
    func anotherFormIsLeftToTheReader(_ text: String) {
        #expect(Self.end(text) != text.utf8.count)
    }

    /// What stands before the text is not looked at: a record's contents begin with a byte that names their form.
    @Test(arguments: Self.canonical + Self.other)
    func aDictionaryHasTheEntriesThatTheReaderGives(_ text: String) throws {
        let read = CanonicalJSON.entries(of: [1] + Array(text.utf8), from: 1)
        let isRead = text.hasPrefix("{") && text != "{}" && Self.canonical.contains(text)
        #expect((read != nil) == isRead)
        guard let read else { return }
        var reader = try TaggedJSONReader(Array(text.utf8), readsLater: false)
        #expect(try reader.readDocument() == .dictionary(read))
        #expect(CanonicalJSON.entries(of: Array("\(text),".utf8), from: 0) == nil)
        #expect(try TaggedJSON.decode([1] + Array(text.utf8), from: 1) == .dictionary(read))
    }

    /// Texts that are made of pieces of JSON: nearly all of them are wrong somewhere.
    @Test func whatIsAcceptedIsWhatWouldBeWritten() throws {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\"\\n\"", "\\", "1", "-", "0", ".5", "true", "null",
            " ", "\" t\"", "\"a\":", "\"b\":1", "é",
        ]
        var generator = SeededGenerator(seed: 20_261_129)
        var accepted = 0
        for _ in 0..<200_000 {
            let count = Int.random(in: 1...9, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let end = Self.end(text) else { continue }
            let value = Array(text.utf8.prefix(end))
            // Three lists around it: then nothing in it is left for later.
            let whole = Array("[[[".utf8) + value + Array("]]]".utf8)
            #expect(try TaggedJSON.encode(TaggedJSON.decode(whole)) == whole, "\(text)")
            accepted += 1
        }
        #expect(accepted > 20_000)
    }

    /// One session with values of both kinds, read and written again without being asked for.
    @Test func aSessionIsCopiedWhereNothingAsksForIt() throws {
        let text =
            #"{" a":" b","_permanent":true,"cart":[{"qty":2,"sku":"x"}],"d":1.5,"e":"\u00e9","t":{" t":[1,"x"]},"z":null}"#
        let read = try #require(try TaggedJSON.decode(Array(text.utf8)).entries)
        #expect(try TaggedJSON.encode(read) == Array(text.utf8))
        #expect(read["cart"] == [["qty": 2, "sku": "x"]])
        #expect(read["t"] == .tuple([1, "x"]))
        #expect(read["e"] == "é")
        #expect(read.keys == [" a", "_permanent", "cart", "d", "e", "t", "z"])
    }

    @Test func aValueThatWasNotDecodedIsLikeAnyOther() throws {
        let text = #"{"a":1,"list":[1],"text":"x"}"#
        var read = try #require(try TaggedJSON.decode(Array(text.utf8)).entries)
        let made: SessionDictionary = ["a": 1, "list": [1], "text": "x"]
        #expect(read == made)
        #expect(read.hashValue == made.hashValue)
        #expect(Array(read).map(\.value) == [1, [1], "x"])
        read.append(2, toListUnder: "list")
        read["a"] = nil
        #expect(read == ["list": [1, 2], "text": "x"])
        #expect(read.popLast()?.value == "x")
        #expect(read.removeValue(forKey: "list") == [1, 2])
        #expect(read.isEmpty)
    }

    /// A page may ask for a list in a loop. What has been asked for is copied all the same.
    @Test func aListIsDecodedOnce() throws {
        let text = Array(#"{"cart":[1,2],"n":3}"#.utf8)
        var read = try #require(try TaggedJSON.decode(text).entries)
        #expect(!read.isDecoded("cart"))
        #expect(read.contains("cart"))
        #expect(!read.isDecoded("cart"))
        #expect(read.decoded("cart") == [1, 2])
        #expect(read.isDecoded("cart"))
        #expect(read.decoded("cart") == [1, 2])
        #expect(read.decoded("n") == 3)
        #expect(read.decoded("none") == nil)
        #expect(!read.contains("none"))
        #expect(try TaggedJSON.encode(read) == text)
        read["cart"] = [4]
        #expect(read.decoded("cart") == [4])
        #expect(try TaggedJSON.encode(read) == Array(#"{"cart":[4],"n":3}"#.utf8))
    }

    /// Keys are sorted when a session is written, whatever the order in which they were set.
    @Test func aNewEntryFindsItsPlace() throws {
        var read = try #require(try TaggedJSON.decode(Array(#"{"b":[1],"d":"x"}"#.utf8)).entries)
        read["c"] = 2
        read["a"] = true
        #expect(try TaggedJSON.encode(read) == Array(#"{"a":true,"b":[1],"c":2,"d":"x"}"#.utf8))
    }
}

extension SessionDictionary {
    fileprivate func isDecoded(_ key: String) -> Bool {
        guard case .text(_, decoded: let value)? = self.sortedEntries.first(where: { $0.key == key })?.entry else {
            return true
        }
        return value != nil
    }
}

extension SessionValue {
    fileprivate var entries: SessionDictionary? { if case .dictionary(let entries) = self { entries } else { nil } }
}
