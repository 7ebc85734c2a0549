// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The file of a session: two slots that take turns, so that a write overwrites the record before the last, in place.
///
/// A new file for each write would cost the file system several times as much as the bytes.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `DWF1` |
/// | 4 | the size of a slot |
/// | 8 | the sequence number of the record that counts; its slot is the first if it is even, the second if it is odd |
/// | … | two slots |
///
/// | bytes of a slot | what |
/// |---|---|
/// | 8 | the sequence number |
/// | 8 | how many bytes the record has |
/// | … | the record, with its own checksum |
/// | 8 | the seal: the beginning of the SHA-256 of the sequence number and the record's checksum |
///
/// Numbers are big-endian. A writer, which has the session's lock, fills the other slot first, and then the sequence
/// number in front. A writer that dies in between has changed nothing that counts. A reader needs no lock: what it
/// reads while a writer writes has a record without its seal, or a sequence number without its record.
struct RecordFile {
    /// Bytes for a place in the file.
    struct Part: Hashable {
        let offset: Int
        let bytes: [UInt8]
    }

    /// What makes another record count: first its slot, then the sequence number. ``undo`` takes the second one back.
    struct Change: Hashable {
        let slot: Part
        let sequence: Part
        let undo: Part
    }

    let record: SessionRecord
    private let sequence: UInt64
    private let slotSize: Int

    private static let preamble = Array("DWF1".utf8)
    private static let sequenceOffset = 8
    private static let headLength = 16
    private static let numberLength = 8
    /// What a slot takes beside its record.
    private static let slotOverhead = 3 * numberLength

    /// The record that counts. A file of an earlier version of Dewar is a record alone, without slots, so that each
    /// change of it needs another file. Nil for bytes that a writer is just changing, and for those of no such file.
    init?(_ bytes: [UInt8]) {
        if let record = SessionRecordCoder.decode(bytes) {
            self.init(record: record, sequence: 0, slotSize: 0)
            return
        }
        guard bytes.starts(with: Self.preamble), bytes.count >= Self.headLength else { return nil }
        let sequence = BigEndian.number(bytes[Self.sequenceOffset..<Self.headLength])
        let slotSize = Int(BigEndian.number(bytes[Self.preamble.count..<Self.sequenceOffset]))
        guard slotSize >= Self.slotOverhead, bytes.count == Self.headLength + 2 * slotSize else { return nil }
        let slot = bytes[Self.slotOffset(sequence, slotSize)...].prefix(slotSize)
        guard let record = Self.record(in: slot, sequence) else { return nil }
        self.init(record: record, sequence: sequence, slotSize: slotSize)
    }

    private init(record: SessionRecord, sequence: UInt64, slotSize: Int) {
        self.record = record
        self.sequence = sequence
        self.slotSize = slotSize
    }

    /// The bytes of a new file.
    static func bytes(_ record: SessionRecord) -> [UInt8] {
        let slot = Self.slot(record, 0)
        // A session may grow by a quarter before it needs another file.
        let slotSize = (slot.count * 5 / 4 + 63) / 64 * 64
        var bytes = Self.preamble
        bytes.append(bigEndian: UInt64(slotSize), width: 4)
        bytes.append(bigEndian: 0)
        bytes += slot
        bytes += [UInt8](repeating: 0, count: 2 * slotSize - slot.count)
        return bytes
    }

    /// The change to another record; nil if it needs a larger file.
    func change(to record: SessionRecord) -> Change? {
        let next = self.sequence &+ 1
        var slot = Self.slot(record, next)
        guard slot.count <= self.slotSize else { return nil }
        // What the application has deleted does not stay behind a shorter record.
        slot += [UInt8](repeating: 0, count: self.slotSize - slot.count)
        return Change(
            slot: Part(offset: Self.slotOffset(next, self.slotSize), bytes: slot),
            sequence: Self.sequencePart(next), undo: Self.sequencePart(self.sequence))
    }

    private static func sequencePart(_ sequence: UInt64) -> Part {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: sequence)
        return Part(offset: Self.sequenceOffset, bytes: bytes)
    }

    private static func slotOffset(_ sequence: UInt64, _ slotSize: Int) -> Int {
        Self.headLength + (sequence % 2 == 0 ? 0 : slotSize)
    }

    private static func slot(_ record: SessionRecord, _ sequence: UInt64) -> [UInt8] {
        let encoded = SessionRecordCoder.encode(record)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count + Self.slotOverhead)
        bytes.append(bigEndian: sequence)
        bytes.append(bigEndian: UInt64(encoded.count))
        bytes += encoded
        bytes.append(bigEndian: Self.seal(sequence, encoded[...]))
        return bytes
    }

    private static func record(in slot: ArraySlice<UInt8>, _ sequence: UInt64) -> SessionRecord? {
        let rest = slot.dropFirst(2 * Self.numberLength)
        let count = BigEndian.number(slot.dropFirst(Self.numberLength).prefix(Self.numberLength))
        guard BigEndian.number(slot.prefix(Self.numberLength)) == sequence,
            count <= UInt64(slot.count - Self.slotOverhead)
        else { return nil }
        let encoded = rest.prefix(Int(count))
        let seal = rest.dropFirst(encoded.count).prefix(Self.numberLength)
        guard BigEndian.number(seal) == Self.seal(sequence, encoded) else { return nil }
        return SessionRecordCoder.decode(encoded)
    }

    /// Without it the record of one write could be taken for that of another.
    private static func seal(_ sequence: UInt64, _ encoded: ArraySlice<UInt8>) -> UInt64 {
        var bytes = Array(encoded.suffix(Checksum.length))
        bytes.append(bigEndian: sequence)
        return Checksum.of(bytes[...])
    }
}
