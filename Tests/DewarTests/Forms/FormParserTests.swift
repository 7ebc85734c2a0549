// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct FormParserTests {
    private static let urlencoded = "application/x-www-form-urlencoded"
    private static let multipart = "multipart/form-data; boundary=X"

    @Test(arguments: [
        "application/x-www-form-urlencoded", "APPLICATION/X-WWW-FORM-URLENCODED", " application/x-www-form-urlencoded ",
        "application/x-www-form-urlencoded; charset=latin-1", "application/x-www-form-urlencoded;",
    ])
    func theTypeIsReadWithoutCaseOrParameters(contentType: String) throws {
        #expect(try FormParser().parse(Array("a=%C3%A9".utf8), contentType: contentType)["a"] == "\u{E9}")
    }

    @Test(arguments: [
        nil, "", "text/plain", "application/json", "application/x-url-encoded", "application/x-www-form-urlencoded x",
        "multipart/mixed; boundary=X",
    ])
    func anotherTypeGivesAnEmptyForm(contentType: String?) throws {
        let form = try FormParser().parse(Array("a=1".utf8), contentType: contentType)
        #expect(form.fields.isEmpty)
        #expect(form.files.isEmpty)
    }

    @Test func aBodyThatIsNotUTF8GivesAnEmptyForm() throws {
        let form = try FormParser().parse(Array("a=1&b=".utf8) + [0xFF], contentType: Self.urlencoded)
        #expect(form.fields.isEmpty)
    }

    @Test(arguments: [
        ("multipart/form-data", false), ("multipart/form-data; boundary=", false),
        ("multipart/form-data; boundary=\"\"", false), ("multipart/form-data; boundary=\"X", false),
        ("multipart/form-data; boundary=\"X\r\n\"", false), ("multipart/form-data; boundary=\"\u{E9}\"", false),
        ("multipart/form-data; boundary=Y", false), ("multipart/form-data; boundary=X", true),
        ("Multipart/Form-Data ; charset=q;Boundary=\"X\"", true), ("multipart/form-data; boundary*=utf-8''%58", true),
    ])
    func theBoundaryIsAParameter(contentType: String, isFound: Bool) throws {
        let form = try FormParser().parse(Self.parts(1), contentType: contentType)
        #expect(form.contains("a") == isFound)
    }

    @Test func theFormAnswersForItsFields() throws {
        let form = try FormParser().parse(Array("a=1&b=x&a=2".utf8), contentType: Self.urlencoded)
        #expect(try form["a"] == "1")
        #expect(form.get("a") == "1")
        #expect(form.get("c", default: "d") == "d")
        #expect(form.get("a", as: Int.self) == 1)
        #expect(form.getList("a") == ["1", "2"])
        #expect(form.contains("b"))
        #expect(throws: MissingFieldError(name: "c")) { try form["c"] }
    }

    /// Sizes at which real Flask 3.1.3 changes from 200 to 413.
    @Test func urlencodedBodiesHaveALimit() throws {
        let full = Array("a=".utf8) + [UInt8](repeating: 0x78, count: 499_998)
        #expect(try FormParser().parse(full, contentType: Self.urlencoded)["a"].utf8.count == 499_998)
        #expect(throws: FormTooLargeError(.memory, limit: 500_000)) {
            try FormParser().parse(full + [0x78], contentType: Self.urlencoded)
        }
    }

    @Test func everyFieldHasTheLimitForItself() throws {
        let two = Self.parts(2, size: 400_000)
        #expect(try FormParser().parse(two, contentType: Self.multipart).getList("a").count == 2)
        #expect(try FormParser().parse(Self.parts(1, size: 500_000), contentType: Self.multipart).contains("a"))
        for body in [Self.parts(1, size: 500_001), Self.parts(1, size: 600_000).dropLast(9)] {
            #expect(throws: FormTooLargeError(.memory, limit: 500_000)) {
                try FormParser().parse(Array(body), contentType: Self.multipart)
            }
        }
    }

    @Test func filesHaveNoMemoryLimit() throws {
        let body = Self.parts(1, size: 600_000, parameters: "; filename=f")
        #expect(try FormParser().parse(body, contentType: Self.multipart).file("a")?.content.count == 600_000)
    }

    @Test func whatIsAroundThePartsHasTheLimitToo() throws {
        let filler = [UInt8](repeating: 0x78, count: 500_001)
        let bodies = [
            filler + Self.parts(1), Self.parts(1) + filler, filler,
            Self.parts(1, parameters: "; b=" + String(decoding: filler, as: UTF8.self)),
        ]
        for body in bodies {
            #expect(throws: FormTooLargeError(.memory, limit: 500_000)) {
                try FormParser().parse(body, contentType: Self.multipart)
            }
        }
        #expect(try FormParser().parse(Self.parts(1) + filler.dropLast(), contentType: Self.multipart).contains("a"))
    }

    @Test func partsAreCounted() throws {
        #expect(try FormParser().parse(Self.parts(1_000), contentType: Self.multipart).getList("a").count == 1_000)
        for parameters in ["", "; filename=f"] {
            #expect(throws: FormTooLargeError(.parts, limit: 1_000)) {
                try FormParser().parse(Self.parts(1_001, parameters: parameters), contentType: Self.multipart)
            }
        }
    }

    @Test func aMalformedPartComesBeforeTheLimitBehindIt() throws {
        let body = Array("--X\r\nX: y\r\n\r\n\r\n".utf8) + Self.parts(1_001)
        #expect(try FormParser().parse(body, contentType: Self.multipart).fields.isEmpty)
    }

    @Test func urlencodedFieldsAreNotCounted() throws {
        let body = String(repeating: "a&", count: 5_000)
        let form = try FormParser().parse(Array(body.utf8), contentType: Self.urlencoded)
        #expect(form.getList("a").count == 5_000)
    }

    @Test func theBodyHasALimitWhateverItsType() throws {
        let parser = FormParser(limits: FormLimits(maximumBody: 3))
        #expect(try parser.parse(Array("a=1".utf8), contentType: Self.urlencoded)["a"] == "1")
        for contentType in [Self.urlencoded, Self.multipart, "text/plain", nil] {
            #expect(throws: FormTooLargeError(.body, limit: 3)) {
                try parser.parse(Array("a=12".utf8), contentType: contentType)
            }
        }
    }

    @Test func theErrorNamesTheLimit() {
        #expect(FormTooLargeError(.memory, limit: 5).description.contains("5 bytes (FormLimits.maximumMemory)"))
        #expect(FormTooLargeError(.parts, limit: 5).description.contains("5 parts (FormLimits.maximumParts)"))
        #expect(FormTooLargeError(.body, limit: 5).description.contains("5 bytes (FormLimits.maximumBody)"))
    }

    /// With a boundary this long, a search that starts over at every byte would take hours, not milliseconds.
    @Test(arguments: ["", "\r\n"])
    func almostBoundariesCostNoMoreThanOtherBytes(lineEnd: String) throws {
        let boundary = String(repeating: "-", count: 200_000) + "X"
        let type = "multipart/form-data; boundary=\(boundary)"
        let hostile = lineEnd + String(repeating: "-", count: 1_000_000)
        let limits = FormLimits(maximumMemory: 2_000_000)
        let head = "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\n"
        let body = "\(hostile)\(head)\(hostile)\r\n--\(boundary)--"
        let form = try FormParser(limits: limits).parse(Array(body.utf8), contentType: type)
        #expect(try form["a"].utf8.count == hostile.utf8.count)
    }

    @Test func aBodyFullOfRefusedBoundariesIsOneValue() throws {
        let value = String(repeating: "\r\n--X -X\r\n--Xx", count: 20_000)
        let body = "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n\(value)\r\n--X--"
        let parser = FormParser(limits: FormLimits(maximumMemory: 1_000_000))
        #expect(try parser.parse(Array(body.utf8), contentType: Self.multipart)["a"].utf8.count == value.utf8.count)
    }

    private static func parts(_ count: Int, size: Int = 1, parameters: String = "") -> [UInt8] {
        let head = Array("--X\r\nContent-Disposition: form-data; name=a\(parameters)\r\n\r\n".utf8)
        let part = head + [UInt8](repeating: 0x76, count: size) + [0x0D, 0x0A]
        return Array(repeatElement(part, count: count).joined()) + Array("--X--".utf8)
    }
}
