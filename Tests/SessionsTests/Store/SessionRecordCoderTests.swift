// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsSupport

@Suite struct SessionRecordCoderTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everythingComesBackAsItWas(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let record = SampleRecords.anything(&generator)
            #expect(SessionRecordCoder.decode(SessionRecordCoder.encode(record)) == record)
        }
    }

    @Test func textKeepsItsBytes() throws {
        // Canonically equivalent, and two different users.
        for user in ["\u{E9}", "e\u{301}", "", "a\0b\r\n"] {
            let record = SampleRecords.record(user: user)
            let decoded = try #require(SessionRecordCoder.decode(SessionRecordCoder.encode(record)))
            #expect(decoded.user?.utf8.elementsEqual(user.utf8) == true)
        }
    }

    /// A record that is made up: nothing was written at such a time.
    @Test(arguments: [Int.max, .min, 1 << 53 + 1, -(1 << 53) - 1])
    func aTimeThatNoDateHasIsNoRecord(milliseconds: Int) {
        var reader = SessionRecordReader(bytes: BigEndian.bytes(milliseconds)[...])
        #expect(throws: SessionRecordReader.Malformed.self) { try reader.date() }
    }

    @Test func theLastTimeComesBackAsItWas() {
        var record = SampleRecords.record()
        record.absoluteEnd = Date(milliseconds: .max)
        let decoded = SessionRecordCoder.decode(SessionRecordCoder.encode(record))
        #expect(decoded?.absoluteEnd?.milliseconds == record.absoluteEnd?.milliseconds)
    }

    @Test func theFormatStaysAsItIs() {
        let record = SessionRecord(
            id: SampleRecords.id(7), secretHash: [1, 2], graceEnd: Date(milliseconds: 3), version: 4, contents: [5],
            createdAt: Date(milliseconds: 6), renewedAt: Date(milliseconds: 7), lastUsedAt: Date(milliseconds: 8),
            idleTimeout: .milliseconds(9), user: "u")
        let number = "00000000000000"
        let fields = [
            "44575201", "07a5a5a5a5a5a5a5" + number + "07", number + "020102", "00", "01" + number + "03",
            number + "04",
            number + "0105", number + "06", number + "07", "00", number + "08", number + "09", "00",
            "01" + number + "0175", "00",
        ]
        #expect(Hex.text(SessionRecordCoder.encode(record).dropLast(8)) == fields.joined())
    }

    @Test func nothingCutShortIsARecord() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20 {
            let bytes = SessionRecordCoder.encode(SampleRecords.anything(&generator))
            for length in 0..<bytes.count { #expect(SessionRecordCoder.decode(Array(bytes.prefix(length))) == nil) }
            #expect(SessionRecordCoder.decode(bytes + [0]) == nil)
        }
    }

    @Test func noFlippedBitIsARecord() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<4 {
            let bytes = SessionRecordCoder.encode(SampleRecords.anything(&generator))
            for bit in 0..<(8 * bytes.count) {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << (bit % 8)
                #expect(SessionRecordCoder.decode(damaged) == nil)
            }
        }
    }

    @Test func junkIsNoRecord() {
        var generator = SeededGenerator(seed: 3)
        for length in 0..<2000 {
            let junk = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(SessionRecordCoder.decode(junk) == nil)
            #expect(SessionRecordCoder.decode([0x44, 0x57, 0x52, 1] + junk) == nil)
        }
    }

    @Test(arguments: [Int.min, -1, 1 << 40, Int.max])
    func aLengthThatIsAnythingReadsNothingOverTheEnd(length: Int) {
        var writer = SessionRecordWriter(capacity: 16)
        writer.append(length)
        var reader = SessionRecordReader(bytes: (writer.bytes + [1, 2, 3])[...])
        #expect(throws: SessionRecordReader.Malformed.self) { try reader.byteString() }
    }
}
