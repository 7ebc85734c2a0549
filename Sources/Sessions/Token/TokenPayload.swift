// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The first segment of a token: JSON in base64url, compressed and marked with a dot when that is shorter
/// (itsdangerous' `url_safe.py`).
enum TokenPayload {
    /// Room for what a cookie can hold compressed, and an end to what a bomb can make of it.
    static let maximumInflatedSize = 1 << 20

    static func encode(_ json: [UInt8]) -> [UInt8] {
        // Equal to one byte less does not pay for the dot.
        if let compressed = Zlib.compress(json), compressed.count < json.count - 1 {
            return [Self.compressionMark] + Base64.encodeURLSafe(compressed)
        }
        return Base64.encodeURLSafe(json)
    }

    static func decode(_ segment: ArraySlice<UInt8>) -> [UInt8]? {
        guard segment.first == Self.compressionMark else { return Base64.decodeURLSafe(segment) }
        guard let compressed = Base64.decodeURLSafe(segment.dropFirst()) else { return nil }
        return Zlib.decompress(compressed, limit: Self.maximumInflatedSize)
    }

    /// Whether the JSON may hold `key`, without inflating or parsing it.
    static func mayContain(_ key: String, in segment: ArraySlice<UInt8>) -> Bool {
        guard segment.first != Self.compressionMark, let json = Base64.decodeURLSafe(segment) else { return true }
        // A reader must also recognise a key that somebody wrote with escapes.
        return Self.contains(Array(key.utf8), in: json) || json.contains(UInt8(ascii: "\\"))
    }

    private static let compressionMark = UInt8(ascii: ".")

    private static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return needle.isEmpty }
        return (0...(bytes.count - needle.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}
