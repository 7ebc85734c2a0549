// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Names a stored session: 128 random bits.
///
/// An id is no secret. It may stand in logs, lists and indexes, because it opens no session: only the secret in the
/// browser's cookie does.
public struct SessionID: Sendable, Hashable, CustomStringConvertible, Codable {
    /// The sixteen bytes.
    public let bytes: [UInt8]

    package static let length = 16

    /// An id from its sixteen bytes; nil for any other count.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// An id from its ``description``, in which the letters may be capital ones; nil for anything else.
    public init?(_ description: String) {
        let digits = description.utf8.compactMap(PercentEncoding.hexValue)
        guard digits.count == 2 * Self.length, description.utf8.count == digits.count else { return nil }
        self.bytes = (0..<Self.length).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
    }

    init(_ words: TwoWords) {
        self.bytes = words.bytes
    }

    /// A new id.
    package init(using random: SessionRandom) {
        self.bytes = random.bytes(Self.length)
    }

    /// 32 lower-case hex digits.
    public var description: String { Hex.text(self.bytes) }
}
