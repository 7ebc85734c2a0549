// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Base64 over byte arrays (RFC 4648): strict when writing, as forgiving as Python when reading.
@usableFromInline package enum Base64 {
    /// Writes the URL-safe alphabet without padding (RFC 4648, section 5), as itsdangerous does.
    @inlinable
    package static func encodeURLSafe(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Self.encode(bytes, alphabet: Self.urlSafeAlphabet, isPadded: false)
    }

    /// Writes the standard alphabet with padding (RFC 4648, section 4).
    @inlinable
    package static func encodeStandard(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Self.encode(bytes, alphabet: Self.standardAlphabet, isPadded: true)
    }

    /// Reads URL-safe or standard text as `itsdangerous.base64_decode` does; nil where that raises.
    ///
    /// Missing padding is supplied from the length of the text, and characters outside both alphabets are skipped. So
    /// one token has many spellings. That weakens no signature, because the signature covers the text itself.
    package static func decodeURLSafe(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        if let bytes = Self.decodeStrict(text) { return bytes }
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
        return Self.decodeLenient(Array(text) + padding, values: Self.urlSafeValues)
    }

    /// Reads URL-safe text in the one spelling that `encodeURLSafe` writes; nil for every other.
    package static func decodeCanonical(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let bytes = Self.decodeStrict(text), Self.encodeURLSafe(bytes).elementsEqual(text) else { return nil }
        return bytes
    }

    /// Reads standard text as Python's `base64.b64decode` does; nil where that raises.
    package static func decodeStandard(_ text: [UInt8]) -> [UInt8]? {
        Self.decodeLenient(text, values: Self.standardValues)
    }

    // MARK: - Tables

    @usableFromInline static let standardAlphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    @usableFromInline static let urlSafeAlphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let noValue: UInt8 = 0xFF
    private static let standardValues = Self.values(of: [Self.standardAlphabet])
    /// Python maps "-" and "_" to "+" and "/" before it reads, so both spellings count.
    private static let urlSafeValues = Self.values(of: [Self.standardAlphabet, Self.urlSafeAlphabet])

    private static func values(of alphabets: [[UInt8]]) -> [UInt8] {
        var table = [UInt8](repeating: Self.noValue, count: 256)
        for alphabet in alphabets {
            for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        }
        return table
    }

    // MARK: - Writing

    @inlinable
    static func encode(_ bytes: some Collection<UInt8>, alphabet: [UInt8], isPadded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            if held == 3 {
                for position in 0...3 { text.append(alphabet[Int(group >> (18 - 6 * position) & 63)]) }
                group = 0
                held = 0
            }
        }
        guard held > 0 else { return text }
        group <<= 8 * UInt32(3 - held)
        for position in 0...held { text.append(alphabet[Int(group >> (18 - 6 * position) & 63)]) }
        if isPadded { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - held)) }
        return text
    }

    // MARK: - Reading

    /// The common case: every character is of the URL-safe alphabet. Nil means "not the common case", not "malformed".
    private static func decodeStrict(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits = 0
        for character in text {
            let value = Self.urlSafeValues[Int(character)]
            guard value != Self.noValue else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return bytes
    }

    /// CPython's `binascii.a2b_base64` in its non-strict mode.
    private static func decodeLenient(_ text: [UInt8], values: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var position = 0
        var left: UInt8 = 0
        var padding = 0
        for character in text {
            if character == UInt8(ascii: "=") {
                if position >= 2 {
                    padding += 1
                    // Enough padding to fill the group ends the text; what follows is ignored.
                    if position + padding >= 4 { return bytes }
                }
                continue
            }
            let value = values[Int(character)]
            guard value != Self.noValue else { continue }
            padding = 0
            switch position {
            case 0: left = value
            case 1: bytes.append(left << 2 | value >> 4); left = value & 0x0F
            case 2: bytes.append(left << 4 | value >> 2); left = value & 0x03
            default: bytes.append(left << 6 | value); left = 0
            }
            position = (position + 1) % 4
        }
        return position == 0 ? bytes : nil
    }
}
