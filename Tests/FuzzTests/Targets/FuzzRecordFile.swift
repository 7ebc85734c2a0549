// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A file of two slots that are sealed around whatever an input has for their records, and perhaps damaged after that: so
/// that an input gets past the seals.
struct FuzzRecordFile {
    /// What is done to one of the slots, or to the file.
    private enum Damage: CaseIterable {
        case none, otherBit, longerRecord, longestRecord, otherSeal, otherSlotSize, shorterFile, longerFile
    }

    private static let overhead = 24

    let bytes: [UInt8]
    /// The record that must count; nil for none.
    let record: SessionRecord?

    /// The first byte says which number stands in front, whose the records are, and which slot is damaged; then come the
    /// lower number, the damage, its place, the space behind the records and what fills it, the fields of the older record
    /// with their length before them, and those of the newer one.
    init(_ input: [UInt8]) {
        var script = FuzzScript(input)
        let flags = script.number()
        let older = flags & 1 == 0 ? UInt64(script.number()) : UInt64.max - UInt64(script.number())
        let numbers = [older, older &+ 1]
        // The newer slot is named, the older one (the write was torn), or one that is not there.
        let front = [numbers[1], numbers[0], older &+ 2, older &- 1][flags >> 1 & 3]
        let ids = [8, 16].map { flags & $0 == 0 ? FuzzSetting.id.bytes : [UInt8](repeating: 0xA5, count: 16) }
        let damaged = flags >> 5 & 1
        let damage = Damage.allCases[script.number() % Damage.allCases.count]
        let place = script.number() << 8 + script.number()
        let (space, filling) = (script.number(), UInt8(script.number()))
        let olderFields = script.bytes()
        let records = [
            FuzzRecord.bytes(fields: olderFields, id: ids[0]), FuzzRecord.bytes(fields: script.remainder(), id: ids[1]),
        ]
        let size = Self.overhead + max(records[0].count, records[1].count) + space
        var slots: [[UInt8]] = []
        for index in 0...1 {
            let sealed = index == damaged && damage == .otherSeal ? numbers[index] &+ 2 : numbers[index]
            var slot = Self.slot(numbers[index], records[index], sealedFor: sealed)
            if index == damaged { Self.damage(&slot, damage, at: place, records[index].count) }
            slots.append(slot + [UInt8](repeating: filling, count: size - slot.count))
        }
        if older % 2 == 1 { slots.reverse() }
        var bytes = Array("DWF1".utf8)
        bytes.append(bigEndian: UInt64(damage == .otherSlotSize ? place : size), width: 4)
        bytes.append(bigEndian: front)
        bytes += slots[0] + slots[1]
        if damage == .shorterFile { bytes.removeLast(min(1 + place, bytes.count)) }
        if damage == .longerFile { bytes += [UInt8](repeating: filling, count: 1 + place) }
        self.bytes = bytes
        let isWhole: Bool =
            switch damage {
            case .none: true
            case .otherBit, .longerRecord, .longestRecord, .otherSeal: numbers[damaged] != front
            case .otherSlotSize: place == size
            case .shorterFile, .longerFile: false
            }
        let named = numbers.firstIndex(of: front)
        self.record = isWhole ? named.flatMap { SessionRecordCoder.decode(records[$0]) } : nil
    }

    private static func slot(_ number: UInt64, _ record: [UInt8], sealedFor sealed: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: number)
        bytes.append(bigEndian: UInt64(record.count))
        bytes += record
        var seal = Array(record.suffix(Checksum.length))
        seal.append(bigEndian: sealed)
        bytes.append(bigEndian: Checksum.of(seal[...]))
        return bytes
    }

    private static func damage(_ slot: inout [UInt8], _ damage: Damage, at place: Int, _ length: Int) {
        var wrong: [UInt8] = []
        switch damage {
        case .otherBit: slot[place / 8 % slot.count] ^= 1 << UInt8(place % 8)
        case .longerRecord:
            wrong.append(bigEndian: UInt64(length + 1 + place))
            slot.replaceSubrange(8..<16, with: wrong)
        case .longestRecord:
            wrong.append(bigEndian: UInt64.max - UInt64(place))
            slot.replaceSubrange(8..<16, with: wrong)
        case .none, .otherSeal, .otherSlotSize, .shorterFile, .longerFile: break
        }
    }
}
