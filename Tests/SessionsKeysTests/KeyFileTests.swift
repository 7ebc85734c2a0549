// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The text of key files: what it means, what is refused, and what the three phases make of it.
@Suite struct KeyFileTests {
    private static func file(_ text: String) throws(KeyFileError) -> KeyFile {
        try KeyFile(Array(text.utf8), path: "keys")
    }

    private static func text(_ file: KeyFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

    private static let key = SecretKey(bytes: Array("new".utf8))

    // MARK: - Reading

    @Test func keysAreReadInEveryForm() throws {
        let keys = try Self.file(
            """
            # the keys of the shop

              # and a second comment
            sign base64:QUJD
            accept\thex:0aFF until 2027-01-31\r
            accept text:any random # string
            next   text:base64:é
            """
        ).keys()
        #expect(keys.current == "ABC")
        let accepted: [AcceptedKey] = [
            AcceptedKey(SecretKey(bytes: [0x0A, 0xFF]), until: Date(timeIntervalSince1970: 1_801_440_000)),
            AcceptedKey("any random # string"), AcceptedKey("base64:é"),
        ]
        #expect(keys.accepted == accepted)
    }

    @Test(arguments: [
        ("2027-01-31", 1_801_440_000), ("2028-02-29", 1_835_481_600), ("2027-01-31T00:00:01Z", 1_801_353_601),
        ("2027-01-31T12:30:00Z", 1_801_398_600), ("9999-12-31", 253_402_300_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799), ("0001-01-01T00:00:00Z", -62_135_596_800),
    ])
    func anEndIsTheMidnightAfterADayOrAMoment(_ text: String, _ seconds: Int) throws {
        let end = try #require(KeyFileDate.end(text))
        #expect(Int(end.timeIntervalSince1970) == seconds)
        #expect(KeyFileDate.text(end) == text)
    }

    @Test func daysCountFromTodayAndEndAtMidnight() {
        let noon = Date(timeIntervalSince1970: 1_801_398_600)
        #expect(KeyFileDate.text(KeyFileDate.end(days: 0, after: noon)) == "2027-01-31")
        #expect(KeyFileDate.text(KeyFileDate.end(days: 30, after: noon)) == "2027-03-02")
    }

    static let mistakes: [(text: String, line: Int?, kind: KeyFileError.Kind)] = [
        ("", nil, .noSigningKey), ("# sign base64:QUJD", nil, .noSigningKey),
        ("accept base64:QUJD", nil, .noSigningKey),
        ("s3cr3t", 1, .unknownWord), ("Sign base64:QUJD", 1, .unknownWord), ("\n\nbase64:czNjcjN0", 3, .unknownWord),
        ("sign", 1, .missingKey), ("sign  ", 1, .missingKey), ("sign s3cr3t", 1, .unknownForm),
        ("sign utf8:s3cr3t", 1, .unknownForm), ("sign until 2027-01-31", 1, .unknownForm),
        ("sign base64:s3cr3t!", 1, .brokenBase64), ("sign base64:czNjcjN0 # it is", 1, .brokenBase64),
        ("sign hex:s3cr3t", 1, .brokenHex), ("sign hex:abc", 1, .brokenHex), ("sign base64:", 1, .emptyKey),
        ("sign hex:", 1, .emptyKey), ("sign text:", 1, .emptyKey), ("sign text: s3cr3t", 1, .spaceBeforeText),
        ("sign base64:QUJD\naccept text:s3cr3t until tomorrow", 2, .noDate),
        ("sign base64:QUJD\naccept text:s3cr3t until 2027-02-29", 2, .noDate),
        ("sign base64:QUJD\naccept text:s3cr3t until 2027-1-3", 2, .noDate),
        ("sign base64:QUJD until 2027-01-31", 1, .endOfKeyInUse),
        ("sign base64:QUJD\nnext text:s3cr3t until 2027-01-31", 2, .endOfKeyInUse),
        ("sign text:s3cr3t\n# old\naccept base64:czNjcjN0", 3, .duplicate(ofLine: 1)),
        ("sign text:s3cr3t\nsign text:s3cr3ts", 2, .secondSigningKey(firstLine: 1)),
        ("sign text:a\nnext text:s3cr3t\nnext text:s3cr3ts", 3, .secondNextKey(firstLine: 2)),
    ]

    @Test(arguments: KeyFileTests.mistakes)
    func aMistakeIsToldWithItsLineAndWithoutTheKey(
        _ mistake: (text: String, line: Int?, kind: KeyFileError.Kind)
    ) throws {
        do throws(KeyFileError) {
            _ = try Self.file(mistake.text).keys()
            Issue.record("it was taken: \(mistake.text)")
        } catch {
            #expect(error.line == mistake.line)
            #expect(error.kind == mistake.kind)
            #expect(error.description.hasPrefix("The key file keys cannot be used: "))
            #expect(mistake.line.map { error.description.contains(": line \($0): ") } ?? true)
            #expect(!error.description.contains("s3cr3t") && !error.description.contains("czNj"))
            #expect(!error.description.contains("\n"))
        }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let error = #expect(throws: KeyFileError.self) {
            try KeyFile(Array("sign text:a\nsign text:".utf8) + [0xFF, 0xFE], path: "keys")
        }
        #expect(error?.kind == .notUTF8 && error?.line == 2)
    }

    @Test func noWayOfPrintingShowsAKey() throws {
        let file = try Self.file("sign text:correct-horse\naccept text:battery-staple until 2027-01-31\n# mine\n")
        var printed = ["\(file)", String(reflecting: file), "\(file.entries)", String(reflecting: file.entries)]
        for value in [file, file.entries, try file.keys()] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            printed.append(dumped)
        }
        for text in printed { #expect(!text.contains("horse") && !text.contains("battery")) }
    }

    // MARK: - The phases

    @Test func aKeyGoesThroughThreePhasesAndTheRestOfTheFileStays() throws {
        var file = try Self.file("# mine\naccept hex:0A0b until 2027-01-31\n\nsign   text:old key\n")
        try file.add(Self.key)
        let next = "next base64:bmV3\n"
        #expect(Self.text(file) == "# mine\naccept hex:0A0b until 2027-01-31\n\nsign text:old key\n" + next)
        try file.sign(retiringAt: KeyFileDate.end("2027-03-01"))
        #expect(
            Self.text(file) == """
                # mine
                accept hex:0A0b until 2027-01-31

                accept text:old key until 2027-03-01
                sign base64:bmV3

                """)
        #expect(try Self.file(Self.text(file)).keys() == file.keys())
        #expect(try file.retire() == [SecretKey(bytes: [0x0A, 0x0B]), "old key"])
        #expect(Self.text(file) == "# mine\n\nsign base64:bmV3\n")
    }

    @Test func withoutAnEndTheOldKeyStaysUntilItIsRetired() throws {
        var file = try Self.file("sign text:old\nnext text:new\n")
        try file.sign()
        #expect(Self.text(file) == "accept text:old\nsign text:new\n")
    }

    @Test func theFirstKeySignsAtOnce() throws {
        var file = KeyFile(path: "keys")
        try file.add(Self.key)
        #expect(try file.keys() == SecretKeys(Self.key))
    }

    @Test func whatAPhaseNeedsAndIsNotThereIsTold() throws {
        var file = try Self.file("sign text:old\n")
        #expect(throws: KeyFileError("keys", .noNextKey)) { try file.sign() }
        #expect(throws: KeyFileError("keys", .noOldKey)) { try file.retire() }
        try file.add(Self.key)
        #expect(throws: KeyFileError("keys", .nextKeyWaits)) { try file.add("another") }
        #expect(throws: KeyFileError("keys", .noOldKey)) { try file.retire() }
    }
}
