// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import Sessions
@testable import SessionsFlask
@testable import SessionsSupport
@testable import SessionsValues

/// MessagePack beyond what the vectors have: every form, every bound, and what must be refused.
@Suite struct MessagePackTests {
    @Test(arguments: [
        (127, "7f"), (128, "cc80"), (255, "ccff"), (256, "cd0100"), (65535, "cdffff"), (65536, "ce00010000"),
        (4_294_967_295, "ceffffffff"), (4_294_967_296, "cf0000000100000000"), (-32, "e0"), (-33, "d0df"),
        (-128, "d080"), (-129, "d1ff7f"), (-32768, "d18000"), (-32769, "d2ffff7fff"), (-2_147_483_648, "d280000000"),
        (-2_147_483_649, "d3ffffffff7fffffff"), (Int.min, "d38000000000000000"), (Int.max, "cf7fffffffffffffff"),
    ])
    func integersTakeTheShortestForm(_ number: Int, _ hex: String) throws {
        #expect(try MessagePack.encode(.int(number)) == Self.bytes(hex))
        #expect(try MessagePack.decode(Self.bytes(hex)) == .int(number))
    }

    @Test func integersBeyond64BitsAreRefused() throws {
        let largest = try #require(BigInteger("18446744073709551615"))
        #expect(try MessagePack.encode(.bigInteger(largest)) == Self.bytes("cfffffffffffffffff"))
        for text in ["18446744073709551616", "-9223372036854775809"] {
            let number = try #require(BigInteger(text))
            #expect(Self.kind { try MessagePack.encode(.bigInteger(number)) } == .integerOutOfRange)
        }
    }

    /// What msgspec 0.22 writes for these moments of `datetime`.
    @Test(arguments: [
        (0, 0, "d6ff00000000"), (4_294_967_295, 0, "d6ffffffffff"), (4_294_967_296, 0, "d7ff0000000100000000"),
        (17_179_869_183, 0, "d7ff00000003ffffffff"), (17_179_869_184, 0, "c70cff000000000000000400000000"),
        (1_704_164_645, 1, "d7ff00000fa065937d25"), (-1, 500_000, "c70cff1dcd6500ffffffffffffffff"),
        (-62_135_596_800, 0, "c70cff00000000fffffff1886e0900"), (253_402_300_799, 0, "c70cff000000000000003afff4417f"),
    ])
    func momentsTakeTheShortestForm(_ seconds: Int, _ microseconds: Int, _ hex: String) throws {
        let date = Date(timeIntervalSince1970: Double(seconds) + Double(microseconds) / 1e6)
        #expect(try MessagePack.encode(.date(date)) == Self.bytes(hex))
        #expect(try MessagePack.decode(Self.bytes(hex)) == .date(date))
    }

    @Test func theLastMomentOfAllStaysInItsYear() throws {
        // datetime.max, which is nearer to the year 10000 than to any double before it.
        let value = try #require(try MessagePack.decode(Self.bytes("c70cff3b9ac6180000003afff4417f")))
        #expect(try MessagePack.decode(MessagePack.encode(value)) == value)
        #expect(value.description == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(Self.kind { try MessagePack.decode(Self.bytes("c70cff3b9ac9ff0000003afff4417f")) } == .malformed)
    }

    @Test(arguments: [-62_135_596_801, 253_402_300_800, 1e18, .infinity, .nan])
    func momentsThatPythonLacksAreRefused(_ seconds: Double) {
        #expect(Self.kind { try MessagePack.encode(.date(Date(timeIntervalSince1970: seconds))) } == .dateOutOfRange)
    }

    @Test(arguments: [0, 1, 31, 32, 255, 256, 65535, 65536])
    func lengthsTakeTheFirstWidthThatFits(_ count: Int) throws {
        let values: [SessionValue] = [
            .string(String(repeating: "x", count: count)), .bytes([UInt8](repeating: 7, count: count)),
            .list([SessionValue](repeating: 1, count: count)),
            .dictionary(SessionDictionary((0..<count).map { (key: String($0), value: 1) })),
        ]
        for value in values {
            let bytes = try MessagePack.encode(value)
            #expect(try MessagePack.decode(bytes) == value)
        }
    }

    @Test(
        arguments: [
            ("cd0001", 1), ("d30000000000000001", 1), ("db0000000161", "a"), ("df00000001a16101", ["a": 1]),
            ("ca3fc00000", 1.5), ("c504000000", nil), ("c500016a", .bytes([0x6A])), ("dd00000001c0", [nil]),
            ("c704ff00000000", .date(Date(timeIntervalSince1970: 0))), ("82a16101a16102", ["a": 2]),
        ] as [(String, SessionValue?)])
    func longerFormsAreRead(_ hex: String, _ value: SessionValue?) throws {
        #expect((try? MessagePack.decode(Self.bytes(hex))) == value)
    }

    @Test(arguments: [
        ("8101a178", "1"), ("81ffa178", "-1"), ("81c3a178", "true"), ("81c2a178", "false"), ("81c0a178", "null"),
        ("81cb3ff8000000000000a178", "1.5"), ("81cfffffffffffffffffa178", "18446744073709551615"),
    ])
    func keysThatAreNoTextBecomeText(_ hex: String, _ key: String) throws {
        #expect(
            try MessagePack.decode(Self.bytes(hex))
                == .dictionary(SessionDictionary([(key: key, value: SessionValue.string("x"))])))
    }

    @Test(arguments: [
        "", "c1", "a1", "a1ff", "a3eda080", "d9", "d9ff61", "dbffffffff", "c6ffffffff00", "ddffffffff", "dfffffffff",
        "dc0002c0", "9f", "8f", "81a161", "80c0", "0000", "cb00", "cf00000000000000", "d405aa", "c70305aabbcc",
        "d4feaa",
        "d7ffffffffff00000000", "c70cff3b9aca000000000000000000", "c70cff000000007fffffffffffffff", "c705ff0000000000",
        "c70cff00000000fffffff1886e08ff", "d4ff00", "d8ff00000000000000000000000000000000", "c9ffffffff00",
        "81920102c0", "8180c0", "81c40161c0", "81d6ff65937d25c0",
    ])
    func whatASessionCannotHoldIsRefused(_ hex: String) {
        #expect(Self.kind { try MessagePack.decode(Self.bytes(hex)) } == .malformed)
    }

    @Test func nestingEndsAt400BothWays() throws {
        for head in [[0x91], [0x81, 0xA1, 0x61]] as [[UInt8]] {
            // The record itself is the first level.
            let limit = Array(repeatElement(head, count: 399).joined()) + [0xC0]
            let value = try #require(try MessagePack.decode(limit))
            #expect(try MessagePack.encode(value) == limit)
            #expect(Self.kind { try MessagePack.decode(head + limit) } == .tooDeep)
            #expect(Self.kind { try MessagePack.encode(.list([value])) } == .tooDeep)
        }
        #expect(Self.kind { try MessagePack.decode([UInt8](repeating: 0x91, count: 1 << 19)) } == .tooDeep)
        // Dictionaries as keys: the first one is refused, before there are many.
        #expect(Self.kind { try MessagePack.decode([UInt8](repeating: 0x81, count: 1 << 19)) } == .malformed)
    }

    @Test func sizeEndsAtOneMebibyteBothWays() throws {
        let largest = SessionValue.bytes([UInt8](repeating: 1, count: (1 << 20) - 7))
        let bytes = try MessagePack.encode(largest)
        #expect(bytes.count == (1 << 20) - 2)
        #expect(try MessagePack.decode(bytes) == largest)
        #expect(Self.kind { try MessagePack.decode(bytes + [0]) } == .tooLarge)
        #expect(Self.kind { try MessagePack.encode(.list([largest])) } == .tooLarge)
        #expect(Self.kind { try PlainJSONWriter.encode(largest) } == .tooLarge)
    }

    @Test func markupHasNoForm() {
        #expect(Self.kind { try MessagePack.encode(["a": [.markup("<b>")]]) } == .markup)
        #expect(Self.kind { try PlainJSONWriter.encode(["a": [.markup("<b>")]]) } == .markup)
    }

    @Test func jsonEscapesOnlyWhatItMust() throws {
        let text: SessionValue = "a\"\\/\u{08}\u{0C}\n\r\t\u{00}\u{1F}\u{7F}\u{2028}é😀<>&"
        let json = #""a\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}\u{2028}é😀<>&\""
        #expect(String(decoding: try PlainJSONWriter.encode(text), as: UTF8.self) == json)
        let numbers: SessionValue = [.double(.nan), .double(.infinity), 1.5, .date(Date(timeIntervalSince1970: -0.5))]
        #expect(
            String(decoding: try PlainJSONWriter.encode(numbers), as: UTF8.self)
                == #"[null,null,1.5,"1969-12-31T23:59:59.500000Z"]"#)
    }

    @Test func jsonThatLooksTaggedStaysAsItIs() throws {
        var reader = try TaggedJSONReader(Array(#"{" t":[1]}"#.utf8), isTagged: false)
        #expect(try reader.readDocument() == [" t": [1]])
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap(PercentEncoding.hexValue)
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func kind(_ body: () throws -> some Any) -> FlaskRecordError.Kind? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? FlaskRecordError)?.kind
        }
    }
}
