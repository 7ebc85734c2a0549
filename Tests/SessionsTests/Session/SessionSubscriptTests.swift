// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import Sessions
@testable import SessionsValues

/// The plain subscript for literals and the generic ones for Swift's types.
@Suite struct SessionSubscriptTests {
    private let session = Session.fresh()

    @Test func literalsAreStoredAsTheirKinds() {
        self.session["text"] = "admin"
        self.session["number"] = 3
        self.session["fraction"] = 0.5
        self.session["flag"] = true
        self.session["list"] = ["apple", 3, nil, ["colour": "red"]]
        self.session["dictionary"] = ["a": 1, "b": [2]]
        #expect(self.session["text"] == .string("admin"))
        #expect(self.session["number"] == .int(3))
        #expect(self.session["fraction"] == .double(0.5))
        #expect(self.session["flag"] == .bool(true))
        let apple: [SessionValue] = [.string("apple"), .int(3), .null, .dictionary(["colour": .string("red")])]
        #expect(self.session["list"] == .list(apple))
        #expect(self.session["dictionary"] == .dictionary(["a": .int(1), "b": .list([.int(2)])]))
    }

    @Test func interpolatedTextIsALiteralToo() {
        let name = "ada"
        self.session["greeting"] = "hello \(name)"
        #expect(self.session["greeting"] == "hello ada")
    }

    @Test func settingNilRemoves() {
        self.session["a"] = 1
        self.session["a"] = nil
        #expect(!self.session.contains("a"))
        self.session["b"] = "x"
        let nothing: String? = nil
        self.session["b"] = nothing
        #expect(!self.session.contains("b"))
    }

    @Test func aNullIsAValueAndNotAnAbsence() {
        self.session["n"] = SessionValue.null
        #expect(self.session.contains("n"))
        #expect(self.session["n"] == SessionValue.null)
        let text: String? = self.session["n"]
        #expect(text == nil)
    }

    @Test func swiftTypesGoInAndComeOut() {
        let name = "ada"
        self.session["name"] = name
        self.session["visits"] = 3 as Int?
        let readName: String? = self.session["name"]
        let visits: Int? = self.session["visits"]
        #expect(readName == "ada")
        #expect(visits == 3)
    }

    @Test func anotherKindReadsAsNil() {
        self.session["visits"] = "three"
        let visits: Int? = self.session["visits"]
        let flag: Bool? = self.session["visits"]
        let list: [String]? = self.session["visits"]
        #expect(visits == nil)
        #expect(flag == nil)
        #expect(list == nil)
        #expect(self.session["visits", default: 7] == 7)
    }

    @Test func numbersAndFlagsAreToldApart() {
        self.session["one"] = 1
        self.session["true"] = true
        self.session["fraction"] = 1.0
        let oneAsFlag: Bool? = self.session["one"]
        let trueAsNumber: Int? = self.session["true"]
        let fractionAsNumber: Int? = self.session["fraction"]
        let oneAsFraction: Double? = self.session["one"]
        #expect(oneAsFlag == nil)
        #expect(trueAsNumber == nil)
        #expect(fractionAsNumber == nil)
        #expect(oneAsFraction == 1)
    }

    @Test func anInPlaceChangeIsNoticed() {
        let session = Session.fresh(["list": ["a"]])
        session["list", default: [String]()].append("x")
        #expect(session.isModified)
        #expect(session["list"] == ["a", "x"])
        session["count", default: 0] += 2
        #expect(session["count"] == 2)
        session["cart", default: [String: Int]()]["apple", default: 0] += 1
        #expect(session["cart"] == ["apple": 1])
    }

    @Test func readingWithADefaultStoresNothing() {
        let session = Session.fresh(["a": 1])
        #expect(session["missing", default: 5] == 5)
        #expect(session.count == 1)
        #expect(!session.isModified)
    }

    @Test func anEmptyListStaysAListAndEmptyBytesStayBytes() {
        self.session["texts"] = [String]()
        self.session["numbers", default: [Int]()].removeAll()
        self.session["bytes"] = [UInt8]()
        #expect(self.session["texts"] == .list([]))
        #expect(self.session["numbers"] == .list([]))
        #expect(self.session["bytes"] == .bytes([]))
        let bytesAsTexts: [String]? = self.session["bytes"]
        #expect(bytesAsTexts == nil)
    }
}
