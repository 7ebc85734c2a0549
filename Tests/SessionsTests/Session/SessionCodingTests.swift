// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import Sessions
@testable import SessionsValues

/// `Codable` types through the session's own values and back.
@Suite struct SessionCodingTests {
    private let session = Session.fresh()

    @Test func nestedTypesComeBackAsTheyWere() throws {
        let order = Order(
            number: 7, customer: Customer(name: "Ada", email: nil), state: .shipped, payment: .card(last4: "4242"),
            lines: [["apple": 3], [:]], placed: Date(timeIntervalSince1970: 1_700_000_000),
            id: try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF")), blob: Data([0, 255]),
            raw: [1, 2], weight: 0.25, ratio: 0.5, tags: ["x", nil], isGift: true)
        self.session["order"] = order
        let read: Order? = self.session["order"]
        #expect(read == order)
        #expect(try Self.throughJSON(self.session)["order"] == self.session["order"])
    }

    @Test func theStoredFormIsPlain() {
        self.session["customer"] = Customer(name: "Ada", email: "a@b")
        self.session["state"] = Order.State.open
        self.session["map"] = [1: "one"]
        self.session["none"] = [Int?.none, 1]
        #expect(self.session["customer"] == ["name": "Ada", "email": "a@b"])
        #expect(self.session["state"] == "open")
        #expect(self.session["map"] == ["1": "one"])
        #expect(self.session["none"] == [nil, 1])
    }

    @Test func valuesWithAKindOfTheirOwnKeepIt() throws {
        let uuid = UUID()
        let date = Date(timeIntervalSince1970: 5)
        self.session["bytes"] = [UInt8]([1, 2])
        self.session["data"] = Data([3])
        self.session["date"] = date
        self.session["uuid"] = uuid
        #expect(self.session["bytes"] == .bytes([1, 2]))
        #expect(self.session["data"] == .bytes([3]))
        #expect(self.session["date"] == .date(date))
        #expect(self.session["uuid"] == .uuid(uuid))
        let bytesAsData: Data? = self.session["bytes"]
        let dataAsBytes: [UInt8]? = self.session["data"]
        #expect(bytesAsData == Data([1, 2]))
        #expect(dataAsBytes == [3])
    }

    @Test func tuplesAndMarkupReadAsListsAndText() {
        self.session["tuple"] = .tuple(["a", "b"])
        self.session["markup"] = .markup("<b>")
        let list: [String]? = self.session["tuple"]
        let text: String? = self.session["markup"]
        #expect(list == ["a", "b"])
        #expect(text == "<b>")
    }

    @Test func aListOfSeveralKindsCanBeReadByTrying() {
        self.session["mixed"] = [1, "two", 3]
        let mixed: Mixed? = self.session["mixed"]
        #expect(mixed?.parts == ["1", "two", "3"])
    }

    @Test func classesWithSuperclassesComeBack() {
        let puppy = Puppy(name: "Rex", age: 1)
        self.session["puppy"] = puppy
        let read: Puppy? = self.session["puppy"]
        #expect(read?.name == "Rex")
        #expect(read?.age == 1)
    }

    private static func throughJSON(_ session: Session) throws -> SessionDictionary {
        guard case .dictionary(let values) = try TaggedJSON.decode(try TaggedJSON.encode(.dictionary(session.entries)))
        else { return [:] }
        return values
    }
}

private struct Customer: Codable, Equatable {
    var name: String
    var email: String?
}

private struct Order: Codable, Equatable {
    enum State: String, Codable { case open, shipped }
    enum Payment: Codable, Equatable { case cash, card(last4: String) }

    var number: UInt16
    var customer: Customer
    var state: State
    var payment: Payment
    var lines: [[String: Int]]
    var placed: Date
    var id: UUID
    var blob: Data
    var raw: [UInt8]
    var weight: Float
    var ratio: Double
    var tags: [String?]
    var isGift: Bool
}

/// Tries one type after another, which works only where a failed attempt takes nothing from the list.
private struct Mixed: Codable {
    var parts: [String] = []

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        while !list.isAtEnd {
            if let number = try? list.decode(Int.self) {
                self.parts.append(String(number))
            } else {
                self.parts.append(try list.decode(String.self))
            }
        }
    }
}

private class Dog: Codable, @unchecked Sendable {
    let name: String

    init(name: String) { self.name = name }
}

private final class Puppy: Dog, @unchecked Sendable {
    let age: Int

    private enum CodingKeys: CodingKey { case age }

    init(name: String, age: Int) {
        self.age = age
        super.init(name: name)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.age = try container.decode(Int.self, forKey: .age)
        try super.init(from: try container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.age, forKey: .age)
        try super.encode(to: container.superEncoder())
    }
}
