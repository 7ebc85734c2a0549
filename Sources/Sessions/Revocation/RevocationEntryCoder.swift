// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Entries as the bytes of a segment: a byte for the kind, keys of sixteen bytes, times of six, big-endian.
enum RevocationEntryCoder {
    static func encode(_ entry: RevocationEntry) -> [UInt8] {
        let body: [UInt8] =
            switch entry.fact {
            case .ended(let id): [1] + id.bytes
            case .renewed(let id, let successor, let at): [2] + id.bytes + successor.bytes + Self.bytes(at)
            case .moved(let id, let successor, let at): [3] + id.bytes + successor.bytes + Self.bytes(at)
            case .userEnded(let user, let mark): [4] + user.bytes + Self.bytes(mark)
            }
        return body + Self.bytes(entry.until)
    }

    /// All entries; nil when the bytes are anything else.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [RevocationEntry]? {
        var reader = SessionRecordReader(bytes: bytes)
        var entries: [RevocationEntry] = []
        do {
            while let kind = reader.bytes.first {
                _ = try reader.take(1)
                let fact = try Self.fact(kind, &reader)
                entries.append(RevocationEntry(fact: fact, until: try Self.time(&reader)))
            }
        } catch {
            return nil
        }
        return entries
    }

    private static func fact(_ kind: UInt8, _ reader: inout SessionRecordReader) throws -> RevocationEntry.Fact {
        // Swift evaluates arguments from left to right: this is the order of the fields.
        switch kind {
        case 1: .ended(try Self.key(&reader))
        case 2: .renewed(try Self.key(&reader), successor: try Self.key(&reader), at: try Self.time(&reader))
        case 3: .moved(try Self.key(&reader), successor: try Self.key(&reader), at: try Self.time(&reader))
        case 4: .userEnded(try Self.key(&reader), mark: try Self.time(&reader))
        default: throw SessionRecordReader.Malformed()
        }
    }

    private static func key(_ reader: inout SessionRecordReader) throws -> RevocationKey {
        guard let key = RevocationKey(bytes: try reader.take(RevocationKey.length)) else {
            throw SessionRecordReader.Malformed()
        }
        return key
    }

    private static func time(_ reader: inout SessionRecordReader) throws -> Int {
        Int(truncatingIfNeeded: BigEndian.number(try reader.take(Self.timeLength)))
    }

    /// Six bytes last past the year 9999.
    private static func bytes(_ time: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(min(max(time, 0), 1 << 48 - 1)), width: Self.timeLength)
        return bytes
    }

    private static let timeLength = 6
}
