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
        guard let bytes = Self.decodeStrict(text) else { return nil }
        // The text could differ from what is written in two ways: by a "+" or "/", and by the last bits of the last
        // character, which stand for nothing.
        let unusedBits: UInt8 = text.count % 4 == 2 ? 0x0F : text.count % 4 == 3 ? 0x03 : 0
        guard let last = text.last, Self.urlSafeValues[Int(last)] & unusedBits == 0 else {
            return text.isEmpty ? bytes : nil
        }
        return text.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") } ? nil : bytes
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
        // The span does not leave the closure.
        let text = bytes.withContiguousStorageIfAvailable { bytes in
            Self.encode(unsafe Span(_unsafeElements: bytes), alphabet: alphabet, isPadded: isPadded)
        }
        return text ?? Self.encode(Array(bytes).span, alphabet: alphabet, isPadded: isPadded)
    }

    /// Three bytes become four characters; of the last one or two bytes come two or three, and perhaps padding.
    ///
    /// The indices are not checked again, which is safe: three bytes are there whenever they are read, a group of six bits
    /// has one of the 64 characters, and the length of the text, which is the room for it, is computed first.
    @usableFromInline
    static func encode(_ bytes: Span<UInt8>, alphabet: [UInt8], isPadded: Bool) -> [UInt8] {
        let rest = bytes.count % 3
        let length = bytes.count / 3 * 4 + (rest == 0 ? 0 : isPadded ? 4 : rest + 1)
        return unsafe [UInt8](unsafeUninitializedCapacity: length) { output, count in
            let alphabet = alphabet.span
            var index = 0
            while index + 3 <= bytes.count {
                let high = unsafe UInt32(bytes[unchecked: index]) << 16 | UInt32(bytes[unchecked: index + 1]) << 8
                let group = unsafe high | UInt32(bytes[unchecked: index + 2])
                for position in 0..<4 {
                    let character = unsafe alphabet[unchecked: Int(group >> (18 - 6 * UInt32(position)) & 63)]
                    unsafe output.initializeElement(at: count + position, to: character)
                }
                index += 3
                count += 4
            }
            guard rest > 0 else { return }
            let last = UInt32(bytes[index]) << 16 | (rest == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
            for position in 0...rest {
                let character = alphabet[Int(last >> (18 - 6 * UInt32(position)) & 63)]
                unsafe output.initializeElement(at: count + position, to: character)
            }
            count += rest + 1
            while count < length {
                unsafe output.initializeElement(at: count, to: UInt8(ascii: "="))
                count += 1
            }
        }
    }

    // MARK: - Reading

    /// The common case: every character is of the URL-safe alphabet. Nil means "not the common case", not "malformed".
    ///
    /// Four characters become three bytes, two or three characters one or two: `text.count * 3 / 4` in all.
    private static func decodeStrict(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        // An array of zeros is made at once. One that is left uninitialized costs 40 ns more: the library looks up the
        // type of its storage.
        var bytes = [UInt8](repeating: 0, count: text.count * 3 / 4)
        var output = bytes.mutableSpan
        return Self.decodeStrict(text.span, to: &output) ? bytes : nil
    }

    /// The indices of the whole groups are not checked again: four characters are there whenever they are read, the room
    /// for the three bytes of each is there, and the table has a value for each of the 256 bytes.
    private static func decodeStrict(_ text: Span<UInt8>, to output: inout MutableSpan<UInt8>) -> Bool {
        let values = Self.urlSafeValues.span
        var (index, count) = (0, 0)
        while index + 4 <= text.count {
            let (one, two) = unsafe (text[unchecked: index], text[unchecked: index + 1])
            let (three, four) = unsafe (text[unchecked: index + 2], text[unchecked: index + 3])
            let high = unsafe UInt32(values[unchecked: Int(one)]) << 18 | UInt32(values[unchecked: Int(two)]) << 12
            let low = unsafe UInt32(values[unchecked: Int(three)]) << 6 | UInt32(values[unchecked: Int(four)])
            let group = high | low
            // Values are below 64, and 0xFF stands for none.
            let all =
                unsafe values[unchecked: Int(one)] | values[unchecked: Int(two)]
                | values[unchecked: Int(three)] | values[unchecked: Int(four)]
            guard all < 64 else { return false }
            unsafe output[unchecked: count] = UInt8(truncatingIfNeeded: group >> 16)
            unsafe output[unchecked: count + 1] = UInt8(truncatingIfNeeded: group >> 8)
            unsafe output[unchecked: count + 2] = UInt8(truncatingIfNeeded: group)
            index += 4
            count += 3
        }
        guard index < text.count else { return true }
        let (one, two) = (values[Int(text[index])], values[Int(text[index + 1])])
        let three = index + 2 < text.count ? values[Int(text[index + 2])] : 0
        guard one | two | three < 64 else { return false }
        output[count] = one << 2 | two >> 4
        if index + 2 < text.count { output[count + 1] = two << 4 | three >> 2 }
        return true
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
