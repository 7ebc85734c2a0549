// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Names a stored session: 128 random bits.
///
/// An id is no secret. It may stand in logs, lists and indexes, because it opens no session: only the secret in the
/// browser's cookie does.
public struct SessionID: Sendable, Hashable, CustomStringConvertible {
    /// The sixteen bytes as numbers: an id is no object, so that to read, copy and compare one asks for no memory.
    package let words: TwoWords

    /// The sixteen bytes.
    public var bytes: [UInt8] { self.words.bytes }

    package static let length = 16

    /// An id from its sixteen bytes; nil for any other count.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.length else { return nil }
        self.words = TwoWords(bytes)
    }

    /// An id from its ``description``, in which the letters may be capital ones; nil for anything else.
    public init?(_ description: String) {
        let digits = description.utf8.compactMap(PercentEncoding.hexValue)
        guard digits.count == 2 * Self.length, description.utf8.count == digits.count else { return nil }
        self.words = TwoWords((0..<Self.length).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] })
    }

    init(_ words: TwoWords) {
        self.words = words
    }

    /// A new id.
    package init(using random: SessionRandom) {
        self.words = TwoWords(random.bytes(Self.length))
    }

    /// 32 lower-case hex digits.
    public var description: String { Hex.text(self.bytes) }
}

extension SessionID: Codable {
    private enum CodingKeys: CodingKey { case bytes }

    /// Reads an id.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let id = Self(bytes: try container.decode([UInt8].self, forKey: .bytes)) else {
            throw DecodingError.dataCorruptedError(forKey: .bytes, in: container, debugDescription: "not 16 bytes")
        }
        self = id
    }

    /// Writes the id.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.bytes, forKey: .bytes)
    }
}
